"""One file that holds an installation: a tar of manifest.json, the database and the files.

The manifest comes first and names every other member with its size and SHA-256. Reading believes nothing: what the
manifest does not name, what has another hash, and what would land outside the folder, is refused by name.
"""

import contextlib
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile
from typing import Any

FORMAT = 1
MANIFEST, DATABASE, FILES = "manifest.json", "database", "files"
ABOUT = {"version", "vendor", "migrations", "heads", "made_at"}
MAX_MANIFEST = 100_000_000  # bytes; a file takes about 150 of them
CHUNK = 1_000_000


class ArchiveError(Exception):
    """The backup cannot be used. Its text names each fault on a line of its own, and may be shown."""


def pack(folder: Path, target: Path, about: dict[str, Any]) -> None:
    """Everything below `folder` as one tar that only its owner may read; half a file never bears the name."""
    members = {path.relative_to(folder).as_posix(): _measured(path) for path in _files(folder)}
    manifest = json.dumps({"format": FORMAT, **about, "members": members}, indent=1).encode()
    with NamedTemporaryFile(dir=target.parent, prefix=".half-", delete=False) as half:  # mode 0600
        try:
            with tarfile.open(fileobj=half, mode="w") as tar:
                _add(tar, MANIFEST, len(manifest), io.BytesIO(manifest))
                for name, member in members.items():
                    with (folder / name).open("rb") as content:
                        _add(tar, name, member["size"], content)
            half.flush()
            os.fsync(half.fileno())
            Path(half.name).rename(target)
        except BaseException:
            Path(half.name).unlink(missing_ok=True)
            raise


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _measured(path: Path) -> dict[str, Any]:
    return {"size": path.stat().st_size, "sha256": sha256_of(path)}


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _add(tar: tarfile.TarFile, name: str, size: int, content: Any) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    tar.addfile(info, content)


def unpack(archive: Path, folder: Path) -> dict[str, Any]:
    """Every member below `folder`, each checked on the way, and the manifest; raises ArchiveError."""
    try:
        with tarfile.open(archive, "r:") as tar:
            manifest = _manifest(tar)
            faults = list(_unpacked(tar, manifest["members"], folder))
    except tarfile.TarError:
        raise ArchiveError(f"{archive.name}: bukan berkas cadangan, atau terpotong") from None
    except OSError as error:
        raise ArchiveError(f"{archive.name}: {error.strerror}") from None
    if faults:
        raise ArchiveError("\n".join(faults))
    return manifest


def _manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    info = tar.next()
    content = tar.extractfile(info) if info and info.name == MANIFEST and info.size < MAX_MANIFEST else None
    with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
        manifest: Any = json.load(content) if content else None
        if _is_sound(manifest):
            return manifest
    raise ArchiveError(f"{MANIFEST}: tidak ada, tidak terbaca, atau menyebut nama yang tidak sah")


def _is_sound(manifest: dict[str, Any]) -> bool:
    members = manifest["members"]
    sizes = all(type(member["size"]) is int and len(member["sha256"]) == 64 for member in members.values())
    names = DATABASE in members and all(name == DATABASE or _stays_inside(name) for name in members)
    return manifest["format"] == FORMAT and manifest.keys() > ABOUT and sizes and names


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    plain = path.as_posix() == name and "\0" not in name and "\\" not in name
    return plain and len(path.parts) > 1 and path.parts[0] == FILES and ".." not in path.parts


def _unpacked(tar: tarfile.TarFile, members: dict[str, Any], folder: Path) -> Iterator[str]:
    """Writes what is as the manifest says, and yields what is not."""
    waiting = dict(members)
    with contextlib.suppress(tarfile.ReadError):  # cut short: what has not come is named below
        while info := tar.next():
            member = waiting.get(info.name)
            if member is None:
                yield f"{info.name}: tidak disebut manifes, atau disebut dua kali"
            elif not info.isreg() or info.size != member["size"]:
                yield f"{info.name}: ukuran atau jenisnya tidak cocok dengan manifes"
                del waiting[info.name]
            else:
                digest = _written(tar.extractfile(info), folder / info.name)
                del waiting[info.name]
                if digest != member["sha256"]:
                    yield f"{info.name}: isi tidak cocok dengan sidik di manifes"
    yield from (f"{name}: hilang atau terpotong" for name in waiting)


def _written(content: Any, path: Path) -> str:
    """The SHA-256 of what was written there."""
    digest = hashlib.sha256()
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()
