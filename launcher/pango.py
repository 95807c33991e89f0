"""The native libraries and fonts that PDF reports are rendered with.

The product looks for them in the system first and then in the folder CTMS_SYSROOT.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from xml.sax.saxutils import escape

from launcher import debian
from launcher.paths import ROOT, STATE, TOOLS
from launcher.progress import LauncherError, say

# What WeasyPrint opens at run time.
LIBRARIES = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libharfbuzz.so.0",
    "libfontconfig.so.1",
    "libpangoft2-1.0.so.0",
)
PACKAGES = [
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz-subset0",
    "fontconfig-config",
    "fonts-dejavu-core",
]
SYSROOT = TOOLS / "sysroot"

FONTS_CONF = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
{folders}
  <cachedir>{cache}</cachedir>
  <alias>
    <family>sans-serif</family>
    <prefer><family>Inter Variable</family><family>DejaVu Sans</family></prefer>
  </alias>
  <alias><family>serif</family><prefer><family>DejaVu Serif</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
"""


def in_system() -> bool:
    """Whether the machine itself has every library."""
    for name in LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
    return True


def fetch() -> None:
    """Fetch Pango where it is missing and can be fetched; without it everything but PDF reports works."""
    if in_system() or (SYSROOT / "complete").exists():
        return
    if not debian.available():
        say("Pango is missing: install it with your package manager. PDF reports are off until then.")
        return
    say("fetching Pango and fonts for PDF reports into var/tools …")
    try:
        debian.unpack(PACKAGES, SYSROOT)
        (SYSROOT / "complete").touch()
    except LauncherError as error:
        say(f"Pango could not be fetched, PDF reports are off. {error}")


def export() -> None:
    """Tell the product where the libraries are and which fonts there are: the same ones everywhere."""
    if not in_system():
        os.environ["CTMS_SYSROOT"] = str(SYSROOT)
    fonts = [
        ROOT / "node_modules" / "@fontsource-variable" / "inter" / "files",
        SYSROOT / "usr/share/fonts",
        Path("/usr/share/fonts"),
    ]
    folders = "\n".join(f"  <dir>{escape(str(folder))}</dir>" for folder in fonts)
    configuration = STATE / "fonts.conf"
    configuration.parent.mkdir(parents=True, exist_ok=True)
    configuration.write_text(FONTS_CONF.format(folders=folders, cache=escape(str(STATE / "font-cache"))))
    os.environ["FONTCONFIG_FILE"] = str(configuration)
