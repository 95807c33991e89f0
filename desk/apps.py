from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "desk"

    def ready(self):
        from ctms.pages.frame import OUTSIDE_OVERVIEW, OUTSIDE_RAIL

        from .portal.frame import portal_rail, portal_url

        OUTSIDE_RAIL.append(portal_rail)
        OUTSIDE_OVERVIEW.append(portal_url)
