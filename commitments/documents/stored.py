"""The files behind issued papers and evidence: each there, and byte for byte as it was recorded."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.files.storage import default_storage

from commitments.models import Document, EvidenceFile

KINDS: dict[type[Document] | type[EvidenceFile], str] = {Document: "dokumen", EvidenceFile: "berkas bukti"}


class DamagedFile(Exception):
    """The stored file is not what was recorded; its text says how, for a terminal."""


@dataclass(frozen=True)
class FileFault:
    """One stored file that is not what was recorded."""

    kind: str
    row: int
    name: str
    what: str

    def __str__(self):
        return f"{self.kind} {self.row}, berkas {self.name}: {self.what}"


def content_of(document: Document | EvidenceFile) -> bytes:
    """The stored bytes, checked against the record; raises DamagedFile rather than hand out something else."""
    try:
        with document.file.open("rb") as stored:
            content = stored.read()
    except OSError as error:
        raise DamagedFile("hilang atau tidak terbaca") from error
    if len(content) != document.size:
        raise DamagedFile(f"berukuran {len(content)} byte, tercatat {document.size}")
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise DamagedFile("isi tidak cocok dengan sidiknya")
    return content


def stored_files_faults() -> list[FileFault]:
    """Every row whose file is missing or was changed; empty when all is well."""
    faults = []
    for model, kind in KINDS.items():
        for row in model._base_manager.order_by("pk").iterator():
            try:
                content_of(row)
            except DamagedFile as damage:
                faults.append(FileFault(kind, row.pk, str(row.file), str(damage)))
    return faults


def stray_files() -> Iterator[str]:
    """Files beside the papers and the evidence that no row speaks of: harmless, left by a run that was cut short."""
    for model in KINDS:
        known = set(model._base_manager.values_list("file", flat=True))
        folder = Path(default_storage.path(model.FOLDER))
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder.parent).as_posix()
            if path.is_file() and name not in known:
                yield name
