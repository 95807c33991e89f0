"""What the commands that bring a file have in common: exit codes, and arguments that name a file or a person."""

from django.core.management.base import CommandError

from ctms.accounts.models import User

REFUSED, USAGE = 1, 2


def bytes_of(path):
    """Return what the file holds; it is wrong use to name one that cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.", returncode=USAGE) from None


def person_called(username):
    """Return the active account of this name, the system's own where none is named."""
    if username is None:
        return User.objects.system()
    try:
        return User.objects.get(username__iexact=username, is_active=True)
    except User.DoesNotExist:
        raise CommandError(f"There is no active account {username}.", returncode=USAGE) from None


def refused(message, place=""):
    """Return the error of a file that was refused as a whole."""
    at = f" ({place})" if place else ""
    return CommandError(f"{message}{at} Nothing was written.", returncode=REFUSED)
