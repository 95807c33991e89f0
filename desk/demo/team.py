"""Who works on which study and at which sites: unequally, with one hand-over behind them and one ahead."""

from studies.services.team import assign, assign_everywhere

from .places import HAS_NO_VISITS
from .studies import PLANS

# Site -> who monitored it before, and how many days ago that ended.
HANDED_OVER = {"1003": ("cra3", 42)}
# Site -> who takes it over, and in how many days.
TO_HAND_OVER = {"5002": ("cra3", 14)}
INSPECTED_FOR = 30
NEW_IN_THE_HOUSE = {"cra5": 300}


def play(stage):
    """Let everybody begin where the tables say; the unblinded circle has VEL-301 to itself."""
    for plan in PLANS:
        for who, role in plan.team:
            _give(stage, who, role, plan.key, plan.started)
        for site in plan.sites:
            if site.status not in HAS_NO_VISITS:
                _monitors(stage, plan, site)
    vel = next(plan for plan in PLANS if plan.key == "vel")
    _give(stage, "ucra", "cra", "vel", vel.started, unblinded=True)
    _give(stage, "ulead", "clinical_lead", "vel", vel.started, unblinded=True)
    _give(stage, "inspector", "inspector", "vel", 2, ends_on=stage.ago(-INSPECTED_FOR))
    long_ago = stage.ago(800)
    assign_everywhere(actor=stage.system, user=stage.people["qa"], role="quality", starts_on=long_ago)
    assign_everywhere(
        actor=stage.system, user=stage.people["head"], role="operations_head", starts_on=long_ago
    )
    assign_everywhere(
        actor=stage.system,
        user=stage.people["admin"],
        role="administrator",
        starts_on=long_ago,
        unblinded=True,
    )


def monitor_of(site, days_ago):
    """Return the login of who monitored a site so many days ago."""
    former, ended = HANDED_OVER.get(site.number, ("", 0))
    return former if former and days_ago >= ended else site.monitor


def _monitors(stage, plan, site):
    began = plan.taken_over or (site.selected or 40) + 30
    began = min(began, plan.started, NEW_IN_THE_HOUSE.get(site.monitor, plan.started))
    if site.number in HANDED_OVER:
        former, ended = HANDED_OVER[site.number]
        _give(stage, former, "cra", site.number, began, ends_on=stage.ago(ended))
        _give(stage, site.monitor, "cra", site.number, ended - 1)
    elif site.number in TO_HAND_OVER:
        successor, days = TO_HAND_OVER[site.number]
        _give(stage, site.monitor, "cra", site.number, began, ends_on=stage.ago(-days))
        _give(stage, successor, "cra", site.number, -days - 1, trained=6)
    else:
        _give(stage, site.monitor, "cra", site.number, began)


def _give(stage, who, role, place, days, *, trained=None, **more):
    started = stage.ago(days)
    assign(
        actor=stage.system,
        user=stage.people[who],
        role=role,
        place=stage.places[place],
        starts_on=started,
        trained_on=started if trained is None else stage.ago(trained),
        **more,
    )
