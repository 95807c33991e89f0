"""An assignment is the grant: who plays which role at which place from when to when."""

from typing import Any

import pgtrigger
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from .roles import LABELS, TIME_BOXED


class DateRange(Func):
    """The period of an assignment as a Postgres range, both ends included."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Period(models.Model):
    """From when to when, how much, and on what footing somebody works."""

    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    unblinded = models.BooleanField(default=False)
    share_of_time = models.DecimalField(
        _("share of time (%)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    trained_on = models.DateField(
        _("training recorded on"),
        null=True,
        blank=True,
        help_text=_("No access before training is recorded."),
    )

    class Meta:
        abstract = True

    @classmethod
    def live(cls, on):
        """Return the condition of being in force on a day: inside the dates, training recorded."""
        return Q(starts_on__lte=on, trained_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))


class Assignment(Period, UserObjectPermissionBase):
    """A role of one person at one place, as guardian's direct-key permission `act_as_<role>`."""

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    permission = models.ForeignKey(Permission, models.PROTECT, related_name="+")

    content_object: Any  # the foreign key each kind of assignment names its place with

    class Meta:
        abstract = True

    @property
    def role(self):
        return self.permission.codename.removeprefix("act_as_")

    def get_role_display(self):
        return LABELS[self.role]

    def __str__(self):
        return f"{self.get_role_display()} {self.content_object}"


# Everything somebody was ever assigned to: (study or null for every study, unblinded, from, until).
_ASSIGNED = """
    SELECT content_object_id AS study_id, unblinded, starts_on, ends_on
        FROM studies_studyassignment WHERE user_id = NEW.user_id
    UNION ALL SELECT c.study_id, a.unblinded, a.starts_on, a.ends_on FROM studies_countryassignment a
        JOIN studies_studycountry c ON c.id = a.content_object_id WHERE a.user_id = NEW.user_id
    UNION ALL SELECT s.study_id, a.unblinded, a.starts_on, a.ends_on FROM studies_siteassignment a
        JOIN studies_studysite s ON s.id = a.content_object_id WHERE a.user_id = NEW.user_id
    UNION ALL SELECT NULL, unblinded, starts_on, ends_on
        FROM access_portfolioassignment WHERE user_id = NEW.user_id
"""


class UnblindedForGood(pgtrigger.Trigger):
    """
    Refuse that somebody is blinded in a study from the day on they were let into its unblinded circle.

    :param study: SQL for the study of the row NEW; NULL = every study
    """

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def __init__(self, *, name, study):
        super().__init__(name=name)
        self.study = study

    def get_func(self, model):
        return f"""
            IF TG_OP = 'UPDATE' THEN
                -- Ending an assignment earlier is always right.
                IF COALESCE(NEW.ends_on, 'infinity') <= COALESCE(OLD.ends_on, 'infinity') THEN
                    RETURN NEW;
                END IF;
            END IF;
            -- Two assignments of one person at once do not see each other: one waits for the other.
            PERFORM pg_advisory_xact_lock(hashtext('unblinded-for-good'), NEW.user_id::int);
            IF EXISTS (
                SELECT 1 FROM ({_ASSIGNED}) AS other
                WHERE other.unblinded <> NEW.unblinded
                AND (other.study_id = ({self.study}) OR other.study_id IS NULL OR ({self.study}) IS NULL)
                AND CASE WHEN NEW.unblinded
                    THEN COALESCE(other.ends_on, 'infinity') >= NEW.starts_on
                    ELSE COALESCE(NEW.ends_on, 'infinity') >= other.starts_on END
            ) THEN
                RAISE EXCEPTION 'Once unblinded in a study, nobody is blinded in it again.'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        """  # noqa: S608 - made of our own declarations


def stays_unblinded(*, study, keeps):
    """Return the triggers that keep whoever was unblinded from being blinded again, by whatever way."""
    return [
        UnblindedForGood(name="unblinded_for_good", study=study),
        # An assignment is ended and another given; who, where, as what and from when is never rewritten.
        pgtrigger.ReadOnly(name="keeps_what_it_gave", fields=["user", "unblinded", "starts_on", *keeps]),
    ]


def one_at_a_time(name, *places):
    """Return the constraint that nobody holds the same role twice at one place at one time."""
    period = DateRange("starts_on", "ends_on", RangeBoundary(inclusive_lower=True, inclusive_upper=True))
    same = [(field, RangeOperators.EQUAL) for field in ("user", *places)]
    return ExclusionConstraint(
        name=name,
        expressions=[*same, (period, RangeOperators.OVERLAPS)],
        violation_error_message=_("This person already holds this role here in that period."),
    )


def ends_after_start(name):
    return models.CheckConstraint(
        condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
        name=name,
        violation_error_message=_("The last day lies before the first."),
    )


class HasALastDay(pgtrigger.Trigger):
    """Refuse an assignment of a time-boxed role without its last day (ICH E6(R3) 3.16.4, compliance row 50)."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update
    condition = pgtrigger.Q(new__ends_on__isnull=True)

    def get_func(self, model):
        roles = ", ".join(f"'act_as_{role}'" for role in sorted(TIME_BOXED))
        limited = f"codename IN ({roles})"
        return f"""
            IF EXISTS (SELECT 1 FROM auth_permission WHERE id = NEW.permission_id AND {limited}) THEN
                RAISE EXCEPTION 'An assignment for a limited time has a last day.'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """  # noqa: S608 - the roles are constants of the code


def people():
    """Return the accounts an assignment can be given to."""
    return get_user_model().objects.filter(is_active=True).exclude(username="system")
