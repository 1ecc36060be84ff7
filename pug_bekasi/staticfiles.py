"""The front-end files that are served, and nothing else of node_modules.

Each name is one file, or several put together. Style sheets travel as one: Bootstrap's own data: images are
then overridden before a browser asks for one, which a strict img-src would block and report. Pointers to
source maps, which are not served, are taken out: the manifest storage insists on finding them.
"""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

MODULES, STATIC = settings.BASE_DIR / "node_modules", settings.BASE_DIR / "static"
FILES = {
    "css/site.css": [
        MODULES / "bootstrap/dist/css/bootstrap.min.css",
        STATIC / "css/tokens.css",
        STATIC / "css/app.css",
    ],
    "css/admin.css": [STATIC / "css/tokens.css", STATIC / "css/admin_theme.css"],
    "vendor/htmx.min.js": [MODULES / "htmx.org/dist/htmx.min.js"],
    "vendor/signature_pad.js": [MODULES / "signature_pad/dist/signature_pad.min.js"],
    "vendor/public-sans-latin-wght-normal.woff2": [
        MODULES / "@fontsource-variable/public-sans/files/public-sans-latin-wght-normal.woff2"
    ],
}
SOURCE_MAP = re.compile(rb"(/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*)\s*$")


class ServedFilesFinder(BaseFinder):
    """Puts the files of FILES together in DATA_DIR/served when they are asked for and have changed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=settings.DATA_DIR / "served")

    def check(self, **kwargs: Any) -> list:
        return []

    def find(self, path, find_all=False, **kwargs):
        if path not in FILES:
            return [] if find_all else None
        found = str(build(path))
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        for name in FILES:
            build(name)
            yield name, self.storage


def build(name: str) -> Path:
    """The file to serve under that name, written anew when its content differs (npm's dates tell nothing)."""
    target = settings.DATA_DIR / "served" / name
    content = b"\n".join(SOURCE_MAP.sub(b"", source.read_bytes()) for source in FILES[name])
    if target.exists() and target.read_bytes() == content:
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as draft:
        draft.write(content)
    Path(draft.name).chmod(0o644)
    Path(draft.name).replace(target)  # in one step, for two processes may build at once
    return target
