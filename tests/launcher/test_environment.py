"""What is installed already is not installed again."""

from launcher.environment import is_satisfied, requirements_in
from launcher.paths import LOCKS

SMALL = """\
celery[redis]==5.7.0 \\
    --hash=sha256:aa
    # via ctms (pyproject.toml)
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:bb
"""


def test_a_lock_file_is_read_as_pins_with_their_markers():
    assert requirements_in(SMALL) == {
        "celery[redis]": "celery[redis]==5.7.0",
        "colorama": "colorama==0.4.6 ; sys_platform == 'win32'",
    }


def test_what_a_larger_lock_file_brought_satisfies_a_smaller_one():
    installed = requirements_in((LOCKS / "lint.lock").read_text())
    for name in ("production.lock", "demo.lock", "test.lock", "lint.lock"):
        assert is_satisfied((LOCKS / name).read_text(), installed), name


def test_a_smaller_lock_file_does_not_satisfy_a_larger_one():
    installed = requirements_in((LOCKS / "demo.lock").read_text())
    assert not is_satisfied((LOCKS / "test.lock").read_text(), installed)


def test_another_version_must_be_installed():
    installed = requirements_in(SMALL) | {"celery[redis]": "celery[redis]==5.6.0"}
    assert not is_satisfied(SMALL, installed)


def test_no_lock_file_names_a_registry():
    """Addresses of the place where a lock was made would make it useless, or telling, elsewhere."""
    for lock in (*LOCKS.glob("*.lock"), LOCKS.parent / "package-lock.json"):
        for number, line in enumerate(lock.read_text().splitlines(), start=1):
            assert "index-url" not in line, f"{lock.name}:{number}"
            assert "find-links" not in line, f"{lock.name}:{number}"
            assert '"resolved"' not in line, f"{lock.name}:{number}"
