"""Whether the database fits the code: a digest of everything that decides what `migrate` would do."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from launcher.paths import LOCKS, ROOT

_NOT_THE_PRODUCT = {".venv", "node_modules", "var", "tests", "launcher", ".git"}


def _deciding_files() -> Iterator[Path]:
    yield ROOT / "launcher" / "roles.sql"
    yield LOCKS / "demo.lock"  # brings the migrations of the packages
    for top in sorted(ROOT.iterdir()):
        if not top.is_dir() or top.name in _NOT_THE_PRODUCT:
            continue
        for module in sorted(top.rglob("*.py")):
            # Signal receivers run after every migrate (grants and revocations), so their modules count.
            # So do the declarations of which the search makes its triggers then.
            content = module.read_bytes()
            deciding = (b"post_migrate", b"find_by = ", b"find_words = ")
            if module.parent.name == "migrations" or any(word in content for word in deciding):
                yield module


def schema_digest() -> str:
    """Equal digests: `migrate` has nothing to do."""
    digest = hashlib.sha256()
    for path in _deciding_files():
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:20]
