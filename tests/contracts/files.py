"""
The files of the repository, as somebody who cloned it has them.
"""

from collections.abc import Iterator
from pathlib import Path

from tests.conftest import REPO

NOT_OURS = {
    ".venv",
    ".git",
    "var",
    "specs",
    "__pycache__",
    ".hypothesis",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".import_linter_cache",
}
"""What git does not keep, and the networks' own descriptions, which are kept as they came."""

PICTURES = {".png", ".gif", ".ico", ".webp", ".svg"}


def text_files(*, without: str = "") -> Iterator[tuple[str, str]]:
    """Yield the name and the words of every text file, but those whose name ends so."""
    for path in sorted(_walk(REPO)):
        name = path.relative_to(REPO).as_posix()
        if path.suffix in PICTURES or (without and name.endswith(without)):
            continue
        yield name, path.read_text(encoding="utf-8")


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in NOT_OURS or path.name == ".env":
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path
