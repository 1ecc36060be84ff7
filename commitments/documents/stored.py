"""The files behind the issued papers: each there, and byte for byte as it was recorded."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.files.storage import default_storage

from commitments.models import Document

FOLDER = "documents"  # below MEDIA_ROOT: see Document.file


@dataclass(frozen=True)
class FileFault:
    """One stored file that is not what was issued."""

    document: int
    name: str
    what: str

    def __str__(self):
        return f"dokumen {self.document}, berkas {self.name}: {self.what}"


def stored_files_faults() -> list[FileFault]:
    """Every document whose file is missing or was changed; empty when all is well."""
    faults = []
    for document in Document.objects.order_by("pk").iterator():
        what = _fault_of(document)
        if what:
            faults.append(FileFault(document.pk, str(document.file), what))
    return faults


def _fault_of(document: Document) -> str:
    try:
        with document.file.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
    except OSError:
        return "hilang atau tidak terbaca"
    if size != document.size:
        return f"berukuran {size} byte, tercatat {document.size}"
    return "" if digest == document.sha256 else "isi tidak cocok dengan sidiknya"


def stray_files() -> Iterator[str]:
    """Files beside the papers that no document speaks of: harmless, left by a run that was cut short."""
    known = set(Document.objects.values_list("file", flat=True))
    folder = Path(default_storage.path(FOLDER))
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder.parent).as_posix()
        if path.is_file() and name not in known:
            yield name
