from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q


class Entry(models.Model):
    """
    One record as the search finds it: what it is, where it lies, who may know of it, its number and its words.

    Written by triggers alone, from what the records declare (`Record.find_by`); an index and no record. It decides
    what is looked at, never what is shown: that is asked of the records themselves.
    """

    kind = models.TextField(help_text="label of the model, e.g. studies.StudySite")
    record = models.BigIntegerField()
    study = models.BigIntegerField(null=True)
    country = models.BigIntegerField(null=True)
    site = models.BigIntegerField(null=True)
    unblinded = models.BooleanField()
    published = models.BooleanField()
    final = models.BooleanField(help_text="in a state in which it is no draft")
    numerous = models.BooleanField(help_text="of a kind a study has in tens of thousands")
    number = models.TextField()
    words = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "record"], name="search_entry_once")]
        indexes = [
            models.Index(OpClass(F("number"), name="text_pattern_ops"), name="search_entry_number"),
            # Two indexes: a word that stands in three hundred thousand visits must not hide the one site.
            # The place is part of them: whoever works at one small site pays for that site only.
            GinIndex(
                F("study"),
                F("country"),
                F("site"),
                OpClass(F("words"), name="gin_trgm_ops"),
                condition=Q(numerous=False),
                name="search_entry_words",
            ),
            GinIndex(
                F("study"),
                F("country"),
                F("site"),
                OpClass(F("words"), name="gin_trgm_ops"),
                condition=Q(numerous=True),
                name="search_entry_many_words",
            ),
            # And a third of what lies in no study: an index by place cannot say where there is none.
            GinIndex(
                OpClass(F("words"), name="gin_trgm_ops"),
                condition=Q(study=None),
                name="search_entry_words_above",
            ),
        ]

    def __str__(self):
        return f"{self.kind}/{self.record}"
