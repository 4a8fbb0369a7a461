"""What every test of the portal may use."""

import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

pytest_plugins = ["tests.services.fixtures"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Keep SQLite's test database in a file, as the portal does: one in memory has neither WAL nor its locks."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        folder: Path = tmp_path_factory.mktemp("database")
        database["TEST"]["NAME"] = str(folder / "test.sqlite3")


@pytest.fixture
def clean_copy(tmp_path: Path) -> Path:
    """A copy of what git would clone, in which a test may make what it likes."""
    root = Path(__file__).resolve().parent
    copy = tmp_path / "clone"
    listing = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listing, cwd=root, check=True, capture_output=True, text=True).stdout.split("\0"):
        if name and (root / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, copy / name)
    return copy
