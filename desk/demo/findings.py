"""What visits found: action items with their ends, and deviations with what the medical monitor made of them."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from ctms.audit.context import acting_as
from ctms.workflow.engine import perform, perform_all
from monitoring import services
from monitoring.models import ActionItem, Deviation
from subjects.models import Subject, SubjectVisit

from . import words
from .calendar import PastVisit
from .decks import CLOSED_AFTER, ITEMS, Deck
from .stage import working_day
from .studies import PLANS

# Of the open items so many are new and so many are old; those of the reports being written come on top.
NEW_AND_OPEN, OLD_AND_OPEN = 28, 7
OLD = (62, 125)
TIMES_AS_MANY = {"2003": 3}
TO_CLASSIFY = 11
HAVE_ITEMS = ("IMV", "CMV", "FCV", "COV")


@dataclass
class Item:
    """An action item to be raised, and when it is closed; None = it is open today."""

    past: PastVisit
    text: str
    opened_on: datetime.date
    closed_on: datetime.date | None = None
    record: object = None


@dataclass
class Departure:
    """A deviation to be raised."""

    site: object
    subject: str
    category: str
    description: str
    occurred_on: datetime.date
    important: bool = False


class Findings:
    """The findings of every visit, planned before the first is taken over."""

    def __init__(self, stage, visits):
        self.stage, self.dice = stage, stage.dice("findings")
        self.items = defaultdict(list)  # of a visit, by its identity
        self.open_at = defaultdict(list)
        self.departures = defaultdict(list)
        self._plan_items(visits)
        for plan in PLANS:
            self._plan_departures(plan)

    # --- what is planned -----------------------------------------------------------------------------

    def _plan_items(self, visits):
        how_many, after = Deck(ITEMS, self.stage.dice("items")), Deck(CLOSED_AFTER, self.stage.dice("closed"))
        planned = []
        for past in visits:
            if past.reported and not past.unblinded and past.visit_type in HAVE_ITEMS:
                texts = self.dice.sample(tuple(words.ITEMS), how_many.deal())
                planned += [Item(past, text, past.last_day) for text in texts]
        planned.sort(key=lambda item: item.opened_on, reverse=True)
        # A site is closed when nothing is left to do there.
        may_stay = [item for item in planned if item.past.site.closed is None]
        old = [item for item in may_stay if OLD[0] <= (self.stage.on - item.opened_on).days <= OLD[1]]
        stays_open = {id(item) for item in may_stay[:NEW_AND_OPEN] + self.dice.sample(old, OLD_AND_OPEN)}
        for item in planned:
            if id(item) not in stays_open:
                item.closed_on = self._closing_day(item, after.deal())
            self.items[id(item.past)].append(item)

    def _closing_day(self, item, days):
        site = item.past.site
        day = min(item.opened_on + datetime.timedelta(days=days), self.stage.ago(site.closed or 1))
        return max(working_day(day, site.country, ahead=False), item.opened_on)

    def _plan_departures(self, plan):
        """A third of the subjects have some, one site three times as many; as many important ones as the table says."""
        study = self.stage.places[plan.key]
        rows = Subject.objects.filter(study=study, enrolled_on__isnull=False).select_related("site")
        subjects = {one.pk: one for one in rows.order_by("number")}
        seen = defaultdict(list)
        came = SubjectVisit.objects.filter(study=study, status="OCCURRED", subject__in=list(subjects))
        for visit in came.order_by("occurred_on", "pk"):
            seen[visit.subject_id].append(visit)
        categories = _categories(plan.deviations, self.dice)
        windows = self._outside(study, subjects, categories.count("WINDOW"))
        others = [category for category in categories if category != "WINDOW"]
        others += ["MISSED_ASSESSMENT"] * (plan.deviations - len(windows) - len(others))
        chosen = self._affected(subjects, {visit.subject_id for visit in windows}, len(others))
        found = [("WINDOW", visit) for visit in windows]
        found += [
            (category, self.dice.choice(seen[pk][1:] or seen[pk]))
            for category, pk in zip(others, chosen, strict=True)
        ]
        important = set(self.dice.sample(range(plan.deviations), plan.important))
        for place, (category, visit) in enumerate(found):
            subject = subjects[visit.subject_id]
            departure = self._departure(plan, subject, category, visit, important=place in important)
            self.departures[subject.site.number].append(departure)
        for departures in self.departures.values():
            departures.sort(key=lambda one: (one.occurred_on, one.subject, one.category))

    def _outside(self, study, subjects, count):
        """Return so many visits that lay outside their windows, of few subjects: nothing else is called late."""
        rows = SubjectVisit.objects.filter(study=study, subject__in=list(subjects)).out_of_window()
        by_subject = defaultdict(list)
        for visit in rows.order_by("subject__number", "pk"):
            by_subject[visit.subject_id].append(visit)
        groups = list(by_subject.values())
        self.dice.shuffle(groups)
        groups.sort(key=len, reverse=True)
        return [visit for group in groups for visit in group][:count]

    def _affected(self, subjects, already, count):
        """Return so many subjects that had something else: a third of all in the end, some of them more often."""
        fresh = [pk for pk in subjects if pk not in already]
        wanted = min(max(round(len(subjects) * 0.36), 5) - len(already), count, len(fresh))
        first = self.dice.sample(fresh, max(wanted, 0))
        often = [
            pk
            for pk in subjects
            if pk in already or pk in first
            for _time in range(TIMES_AS_MANY.get(subjects[pk].site.number, 1))
        ]
        return first + [self.dice.choice(often) for _more in range(count - len(first))]

    def _departure(self, plan, subject, category, visit, *, important):
        text = self.dice.choice(words.DEVIATIONS[category][1]).format(visit=visit.name, **_off(visit))
        return Departure(
            plan.site(subject.site.number), subject.number, category, text, visit.occurred_on, important
        )

    # --- what comes to pass --------------------------------------------------------------------------

    def raise_in(self, past, report):
        """Raise what this visit found, while its report is written."""
        site, actor = report.visit.site, self.stage.people[past.site.monitor]
        for item in self.items[id(past)]:
            item.record = services.raise_action_item(
                actor=actor,
                site=site,
                report=report,
                text=item.text,
                opened_on=item.opened_on,
                due_on=item.opened_on + datetime.timedelta(days=30),
            )
            if item.closed_on is not None:
                self.open_at[past.site.number].append(item)
        if past.unblinded or past.visit_type not in HAVE_ITEMS:
            return
        waiting = self.departures[past.site.number]
        while waiting and waiting[0].occurred_on <= past.first_day:
            self._raise(waiting.pop(0), past.first_day, report)

    def _raise(self, departure, identified_on, report=None):
        site = self.stage.places[departure.site.number]
        deviation = services.raise_deviation(
            actor=self.stage.people[departure.site.monitor],
            site=site,
            report=report,
            subject_number=departure.subject,
            category=departure.category,
            description=departure.description,
            occurred_on=departure.occurred_on,
            identified_on=identified_on,
            immediate_action=self.dice.choice(words.ACTIONS),
        )
        deviation.importance = "IMPORTANT" if departure.important else "NOT_IMPORTANT"
        self.raised = [*getattr(self, "raised", ()), deviation]

    def close_until(self, site, day):
        """Close the items of a site whose day has come: the next report shows them as they stood."""
        rest = []
        for item in self.open_at[site.number]:
            if item.closed_on > day:
                rest.append(item)
                continue
            perform(
                item.record,
                "close",
                actor=self.stage.people[site.monitor],
                reason=self.dice.choice(words.ITEMS[item.text]),
                happened_on=item.closed_on,
            )
        self.open_at[site.number] = rest

    def finish(self):
        """Close what is left to close, raise what no visit has found yet, and let the medical monitor judge."""
        for plan in PLANS:
            for site in plan.sites:
                self.close_until(site, self.stage.on)
                for departure in self.departures.pop(site.number, ()):
                    self._raise(
                        departure, min(departure.occurred_on + datetime.timedelta(days=6), self.stage.ago(0))
                    )
        self._move_some_items()
        self._classify()

    def _move_some_items(self):
        rows = list(
            ActionItem.objects.filter(status="OPEN").select_related("site").order_by("-opened_on", "pk")[:9]
        )
        for place, item in enumerate(rows):
            monitor = next(
                plan.site(item.site.number).monitor for plan in PLANS if self._has(plan, item.site.number)
            )
            if place % 3 == 0:
                perform(item, "start", actor=self.stage.people[monitor])
            elif place % 3 == 1:
                perform(
                    item,
                    "resolve",
                    actor=self.stage.people[monitor],
                    reason=words.ITEMS[item.text][0],
                )

    @staticmethod
    def _has(plan, number):
        return any(site.number == number for site in plan.sites)

    def _classify(self):
        """Everything but the newest is judged, of which some are looked at; nothing is left over at a closed site."""
        medical = self.stage.people["medical"]
        closed = {self.stage.places[site.number].pk for plan in PLANS for site in plan.sites if site.closed}
        raised = sorted(self.raised, key=lambda one: (one.site_id not in closed, one.identified_on, one.pk))
        judged, waiting = raised[:-TO_CLASSIFY], raised[-TO_CLASSIFY:]
        perform_all(judged + waiting[::3], "review", actor=medical)
        with acting_as(medical, reason="Classified by the study's own list"):
            for importance in ("IMPORTANT", "NOT_IMPORTANT"):
                keys = [one.pk for one in judged if one.importance == importance]
                Deviation.objects.filter(pk__in=keys).update(importance=importance)
        perform_all(judged, "confirm", actor=medical)
        settled = [one for place, one in enumerate(judged) if one.site_id in closed or place % 4]
        perform_all(settled, "close", actor=medical, reason="Assessed; no further action")


def _off(visit):
    """Return by how many days a visit lay before or after its window, in words."""
    early = (visit.window_starts_on - visit.occurred_on).days if visit.window_starts_on else 0
    late = (visit.occurred_on - visit.window_ends_on).days if visit.window_ends_on else 0
    days = max(early, late)
    return {"days": f"{days} day{'' if days == 1 else 's'}", "side": "before" if early > 0 else "after"}


def _categories(count, dice):
    """Return so many categories in the proportions of the pool, in an order of chance."""
    found = []
    for category, (share, _sentences) in words.DEVIATIONS.items():
        found += [category] * round(count * share / 100)
    found = (found + ["WINDOW"] * count)[:count]
    dice.shuffle(found)
    return found
