from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class NotUsedBefore:
    """Refuse the person's present and last few passwords (compliance row 30)."""

    def __init__(self, remembered=8):
        self.remembered = remembered

    def validate(self, password, user=None):
        if user is None or user.pk is None:
            return
        former = user.former_passwords.order_by("-pk").values_list("password", flat=True)[: self.remembered]
        if any(check_password(password, known) for known in (user.password, *former)):
            raise ValidationError(
                _("Choose a password you have not used before; the last %(count)d are remembered.")
                % {"count": self.remembered}
            )

    def get_help_text(self):
        return _("Not one of your last %(count)d passwords.") % {"count": self.remembered}
