"""The lists of what we install: complete, explained, and free of download addresses."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGE = json.loads((ROOT / "package.json").read_text())
LOCKS = ["package-lock.json", *sorted(path.name for path in ROOT.glob("requirements*.txt"))]


def declared():
    requirements = list(PROJECT["project"]["dependencies"])
    for group in PROJECT["dependency-groups"].values():
        requirements += [entry for entry in group if isinstance(entry, str)]
    names = [re.match(r"[\w-]+", requirement).group() for requirement in requirements]
    return sorted([*names, *PACKAGE["dependencies"], *PACKAGE["devDependencies"]])


def test_each_dependency_is_explained_once():
    rows = re.findall(r"^\| (\S+) \|", (ROOT / "docs/dependencies.md").read_text(), flags=re.MULTILINE)
    assert sorted(name for name in rows if name != "Package") == declared()


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_file_names_a_download_host(name):
    text = (ROOT / name).read_text()
    found = re.findall(r'"resolved"|--(?:extra-)?index-url|--find-links|\S+://\S+\.(?:whl|tgz|tar\.gz)', text)
    assert found == []


def test_every_python_requirement_is_hashed():
    for name in LOCKS[1:]:
        for block in re.split(r"\n(?=[a-z])", (ROOT / name).read_text()):
            assert "--hash=sha256:" in block, block.splitlines()[0]


def test_runtime_and_development_lists_agree():
    def pins(name):
        return set(re.findall(r"^[\w.-]+==\S+", (ROOT / name).read_text(), flags=re.MULTILINE))

    assert pins("requirements.txt") <= pins("requirements-dev.txt")
