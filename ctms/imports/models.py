from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from ctms.audit.trail import append_only


@append_only
class ImportRun(models.Model):
    """
    One file that was imported: which bytes, by whom, with what result (compliance row 42).

    Rehearsals leave none. The changes themselves are in the history of the records, with the file's name as
    their reason.
    """

    kind = models.CharField(max_length=60, help_text="the format, such as USDM 4.0, or the sheet's name")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created = models.JSONField(default=dict)
    updated = models.JSONField(default=dict)
    unresolved = models.JSONField(default=list)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["-at"])]

    def __str__(self):
        return self.file_name


@append_only
class ImportedRecord(models.Model):
    """
    A record a file spoke about: its fields the file stated, and those whose value is the file's.

    By this the next import knows who said what, and a person where a record came from.
    """

    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="records")
    record = models.CharField(max_length=100, help_text="label and id, e.g. studies.Study/12")
    kind = models.CharField(max_length=60)
    created = models.BooleanField()
    stated = models.JSONField(default=list)
    given = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["record", "id"], name="importedrecord_record")]

    def __str__(self):
        return self.record
