from django.apps import AppConfig
from django.utils.translation import gettext as _


class DeskConfig(AppConfig):
    name = "desk"

    def ready(self):
        from ctms.pages.frame import OUTSIDE_OVERVIEW, OUTSIDE_RAIL, RAIL_PAGES
        from studies.pages import PLACE_PANELS, SET_UP_STEPS

        from .portal.frame import portal_rail, portal_url
        from .portfolio.panel import budget_step, standing_panel

        RAIL_PAGES.append(("Studies", 9, _("Portfolio"), "/portfolio/", "studies.view_workload"))
        RAIL_PAGES.append(("Monitoring", 46, _("CRA workload"), "/workload/", "studies.view_workload"))
        OUTSIDE_RAIL.append(portal_rail)
        OUTSIDE_OVERVIEW.append(portal_url)
        PLACE_PANELS.insert(0, standing_panel)
        SET_UP_STEPS.append(budget_step)
