from django.apps import AppConfig
from django.utils.translation import gettext as _


class DeskConfig(AppConfig):
    name = "desk"

    def ready(self):
        from ctms.pages.frame import OUTSIDE_OVERVIEW, OUTSIDE_RAIL, RAIL_PAGES

        from .portal.frame import portal_rail, portal_url

        RAIL_PAGES.append(("Studies", 9, _("Portfolio"), "/portfolio/", "studies.view_workload"))
        RAIL_PAGES.append(("Monitoring", 46, _("CRA workload"), "/workload/", "studies.view_workload"))
        OUTSIDE_RAIL.append(portal_rail)
        OUTSIDE_OVERVIEW.append(portal_url)
