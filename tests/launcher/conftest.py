"""Folders in which servers can live, also under root, where PostgreSQL runs as `nobody`."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.postgres import forget_cluster


@pytest.fixture(scope="module")
def server_folder(tmp_path_factory) -> Iterator[Path]:
    """A folder below others that everybody may pass; what a server kept elsewhere is removed."""
    folder = tmp_path_factory.mktemp("servers")
    for parent in (folder, *folder.parents):
        if parent == Path(tempfile.gettempdir()):
            break
        parent.chmod(0o711)
    yield folder
    for used in (folder, *folder.iterdir()):
        forget_cluster(used)
