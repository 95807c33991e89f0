"""`./run lint`: what a machine can say about the code without running it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from launcher.paths import ROOT

_BIN = Path(sys.executable).parent
LINTERS: dict[str, list[str | Path]] = {
    "ruff": [_BIN / "ruff", "check", "."],
    "format": [_BIN / "ruff", "format", "--check", "--output-format", "concise", "."],
    "mypy": [_BIN / "mypy", "."],
    "imports": [_BIN / "lint-imports"],
    "templates": [_BIN / "djlint", "--lint", "."],
}


def main(names: list[str]) -> int:
    """Run the named linters, or all; the exit code is 0 when every one is content."""
    unknown = sorted(set(names) - set(LINTERS))
    if unknown:
        print(f"No such linter: {', '.join(unknown)}. There are: {', '.join(LINTERS)}", file=sys.stderr)
        return 2
    # mypy's Django plugin loads the settings, which want a key; nothing connects anywhere.
    environment = {"CTMS_SECRET_KEY": "for-reading-the-settings-only"} | dict(os.environ)
    discontent = []
    for name in names or LINTERS:
        print(f"--- {name}", flush=True)
        if subprocess.run(LINTERS[name], cwd=ROOT, env=environment).returncode:
            discontent.append(name)
    if discontent:
        print(f"Not content: {', '.join(discontent)}", file=sys.stderr)
    return 1 if discontent else 0
