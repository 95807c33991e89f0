"""What can be brought to a study as a sheet."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.access.access import access_of
from ctms.access.explain import why_not
from ctms.access.scoping import everything
from ctms.accounts.models import SYSTEM
from ctms.imports.cells import CellRefused, choice, day, text
from ctms.imports.sheet import Column, Done, RowRefused, Sheet
from ctms.workflow.declare import TransitionRefused
from studies.models import Milestone, MilestoneKind, StudyCountry, StudySite
from studies.services.importing_milestones import milestones_by_name, put_milestone


class MilestoneSheet(Sheet):
    """
    The milestones of one study. A row is the milestone of its name at its place: study, country or site.

    An empty date leaves the record's as it is. An actual date is recorded through the workflow.
    """

    name = "Milestones"
    collection = "milestones"
    natural_key = ("name", "country", "site")
    columns = (
        Column(
            "name", gettext_lazy("Name"), text(200), required=True, aliases=("Milestone", "Milestone name")
        ),
        Column("kind", gettext_lazy("Kind"), choice(MilestoneKind), aliases=("Type", "Milestone type")),
        Column("country", gettext_lazy("Country"), text(100), aliases=("Country code",)),
        Column("site", gettext_lazy("Site"), text(20), aliases=("Site number", "Site no.")),
        Column("planned", gettext_lazy("Planned"), day, aliases=("Planned date", "Planned finish")),
        Column("baseline", gettext_lazy("Baseline"), day, aliases=("Baseline date",)),
        Column("actual", gettext_lazy("Actual"), day, aliases=("Actual date", "Actual finish")),
    )

    def __init__(self, study):
        self.study = study

    def prepare(self, actor):
        """
        Read the study's places and milestones once.

        :raises PermissionDenied: the actor may neither make nor change milestones in the study
        """
        may = access_of(actor)
        permissions = ("studies.add_milestone", "studies.change_milestone")
        if actor.username != SYSTEM and not any(may.anywhere(permission) for permission in permissions):
            raise PermissionDenied(why_not(actor, permissions[0]))
        with everything(
            "a row names places of its study; whether the actor may write there is asked for each"
        ):
            countries = list(StudyCountry.objects.filter(study=self.study).select_related("nation"))
            sites = list(StudySite.objects.filter(study=self.study).exclude(number=""))
        self.countries = {c.nation_id.casefold(): c for c in countries}
        self.countries |= {c.nation.name.casefold(): c for c in countries}
        self.sites = {site.number.casefold(): site for site in sites}
        self.milestones = milestones_by_name(self.study)
        self.written = {}  # (name, country, site) -> the row it stood in

    def write(self, row, *, actor, reason):
        country, site = self._place(row)
        key = (row["name"].casefold(), country.pk if country else None, site.pk if site else None)
        if key in self.written:
            # "ES" and "Spain" are two cells and one place.
            raise RowRefused(_("is the same record as row %d") % self.written[key])
        self.written[key] = row.number
        milestone = self.milestones.get(key)
        if milestone is None:
            kind = row["kind"] or _kind_called(row["name"])
            milestone = Milestone(study=self.study, country=country, site=site, name=row["name"], kind=kind)
        is_new = milestone.pk is None
        stated = {"kind": row["kind"], "planned_on": row["planned"], "baseline_on": row["baseline"]}
        values = {name: value for name, value in stated.items() if value is not None}
        try:
            changed = put_milestone(
                actor=actor, milestone=milestone, values=values, actual_on=row["actual"], reason=reason
            )
        except TransitionRefused as refused:
            raise RowRefused(refused.sentence, "actual") from refused
        if is_new:
            return Done.CREATED
        return Done.UPDATED if changed else Done.UNCHANGED

    def _place(self, row):
        """Return the country and the site a row names; the country of a site need not be named."""
        country = site = None
        if row["country"] and (country := self.countries.get(row["country"].casefold())) is None:
            raise RowRefused(_("%s is no country of this study") % row["country"], "country")
        if row["site"]:
            if (site := self.sites.get(row["site"].casefold())) is None:
                raise RowRefused(_("no site of this study has the number %s") % row["site"], "site")
            if country is not None and site.country_id != country.pk:
                sentence = _("the site %(site)s is not in %(country)s")
                raise RowRefused(sentence % {"site": row["site"], "country": row["country"]}, "country")
            country = next(c for c in self.countries.values() if c.pk == site.country_id)
        return country, site


def _kind_called(name):
    """A milestone without a kind is the one of that name, else a milestone of its own."""
    try:
        return choice(MilestoneKind)(name)
    except CellRefused:
        return MilestoneKind.OTHER
