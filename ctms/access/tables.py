"""What the table of every study-owned model gets: triggers that keep its rows in place, and an index for each place."""

import pgtrigger
from django.apps import apps
from django.db import models
from django.db.models import Q


class KeepPlace(pgtrigger.Trigger):
    """Fill study, country and site from the record this row hangs on, so that no code can get them wrong."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def get_func(self, model):
        lines = []
        model = apps.get_model(model._meta.label)  # migrations hand in a bare copy without our methods
        for source, columns in model.place_sources():
            key = model._meta.get_field(source).column
            parent = model._meta.get_field(source).related_model
            for column, parent_column in columns:
                lines.append(
                    f'IF NEW."{key}" IS NOT NULL THEN '
                    f'SELECT "{parent_column}" INTO NEW."{column}" FROM "{parent._meta.db_table}" '
                    f'WHERE "{parent._meta.pk.column}" = NEW."{key}"; END IF;'
                )
        return "\n".join([*lines, "RETURN NEW;"])


class KeepsToItsStudy(pgtrigger.Trigger):
    """Refuse a row whose other records lie in another study: an epoch, a version, an arm, a document."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def get_func(self, model):
        model = apps.get_model(model._meta.label)  # migrations hand in a bare copy without our methods
        checks = []
        for field in model.kept_to_its_study():
            key, table = field.column, field.related_model._meta.db_table
            checks.append(f"""
            IF NEW."{key}" IS NOT NULL
                AND (TG_OP = 'INSERT' OR NEW."{key}" IS DISTINCT FROM OLD."{key}"
                     OR NEW.study_id IS DISTINCT FROM OLD.study_id)
                AND EXISTS (SELECT 1 FROM "{table}" WHERE id = NEW."{key}" AND study_id <> NEW.study_id) THEN
                RAISE EXCEPTION 'The {field.verbose_name} is of another study.'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;""")
        return "".join([*checks, "\n            RETURN NEW;\n        "])


class NextVersion(pgtrigger.Trigger):
    """Count every change of a row, whoever makes it: the number two people at once are told apart by."""

    when = pgtrigger.Before
    operation = pgtrigger.Update
    func = "NEW.version = OLD.version + 1; RETURN NEW;"


def place_indexes(model, names):
    """Yield the index each place of the model is read by."""
    for place in ("study", "country", "site"):
        if place in names and not model._meta.get_field(place).db_index:
            index = models.Index(fields=[place, "id"])
            index.set_name_with_model(model)
            yield index


def partial_indexes(model, names):
    """
    Yield the indexes of rows that are few among many: those above a site, and those published.

    Without them a site's CRA read every row of her study to find the few that lie at no site: 73 ms a count at
    a million rows, and a sponsor every row to find those published.
    """
    above = (
        [n for n in ("country", "site") if n in names and model._meta.get_field(n).null]
        if model.seen_from_below
        else []
    )
    if "site" in above and "country" in names:
        yield _partial(model, "country", "above_site", Q(site__isnull=True))
    if above:
        yield _partial(model, "study", "above_all", Q(**{f"{name}__isnull": True for name in above}))
    if "published" in names and "study" in names:
        yield _partial(model, "study", "published", Q(published=True))


def _partial(model, place, suffix, condition):
    return models.Index(
        fields=[place, "id"], condition=condition, name=f"{model._meta.model_name[:18]}_{suffix}"
    )
