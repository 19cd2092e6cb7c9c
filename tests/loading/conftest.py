import shutil
from pathlib import Path

import pytest

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the invented town to be spoilt, in a directory called `config` below us."""
    shutil.copytree(CONFIG, tmp_path / "config")
    monkeypatch.chdir(tmp_path)
    return Path("config")
