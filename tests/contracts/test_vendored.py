"""What others wrote and we pass on is theirs to the byte, with its licence, and noted."""

import hashlib
import re
import tomllib
from pathlib import Path

from tests.conftest import REPO

STATIC = REPO / "src/apbot/web/static"
NOTED = re.compile(r"^\| `([^`]+)` \|.*\| 0BSD \| `([0-9a-f]{64})` \|$", re.M)


def test_every_vendored_file_is_as_its_note_says_with_its_licence_beside_it() -> None:
    """Nobody mends a library in our folder; its name says which version it is."""
    noted = dict(NOTED.findall((STATIC / "vendored.md").read_text()))
    vendored = sorted(file.name for file in STATIC.glob("*.min.js"))

    assert vendored == sorted(noted)
    assert noted == {name: hashlib.sha256(_bytes(name)).hexdigest() for name in vendored}
    for name in vendored:
        assert b"Permission to use, copy, modify" in _bytes(name.replace(".min.js", ".LICENSE"))


def test_licences_of_what_is_vendored_go_into_the_package() -> None:
    """The package's own list of licences names them."""
    project = tomllib.loads((REPO / "pyproject.toml").read_text())["project"]
    listed = {file.name for glob in project["license-files"] for file in REPO.glob(glob)}

    assert {file.name for file in STATIC.glob("*.LICENSE")} <= listed


def test_what_is_served_to_phones_has_no_library() -> None:
    """The slip opens over 3G on an old phone: its pages load what is ours alone."""
    slips = [file.read_text() for file in (STATIC.parent / "templates").glob("slip*.html")]

    assert slips
    assert not any("htmx" in words or "base.html" in words for words in slips)


def _bytes(name: str) -> bytes:
    return Path(STATIC / name).read_bytes()
