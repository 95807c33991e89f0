"""Static files under names that carry their content's hash."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Forgiving:
    """A front-end package that is not installed is a missing style sheet, not a page that cannot be shown."""

    manifest_strict = False

    def stored_name(self, name):
        try:
            return super().stored_name(name)
        except ValueError:
            return name


class CompressedManifestStorage(Forgiving, CompressedManifestStaticFilesStorage):
    """For production: compressed once, served as is."""


class QuickManifestStorage(Forgiving, ManifestStaticFilesStorage):
    """For demo and tests, whose first start should not wait for the compressor."""
