"""Where things lie: the checkout, its virtual environment, its state folder."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VIRTUALENV = ROOT / ".venv"
VIRTUALENV_PYTHON = VIRTUALENV / "bin" / "python"
LOCKS = ROOT / "requirements"

# The state of the demo: databases, files, mail, logs. Deleting it loses nothing but that state.
STATE = Path(os.environ.get("CTMS_VAR") or ROOT / "var").absolute()
# Tools fetched once for machines that lack them (Pango, Node); `--reset` keeps them.
TOOLS = ROOT / "var" / "tools"
