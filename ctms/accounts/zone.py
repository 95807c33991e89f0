"""
Each person reads instants in their own time zone; dates without a clock never shift.

Their day is the day there: pages know the person here, the API when it has looked at the token.
"""

from django.utils import timezone

from ctms.calendar.zones import zone_named


class TimeZoneMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Also for whoever is not known (yet): the zone of a request never stays behind for the next one.
        user = request.user
        with timezone.override(zone_named(user.time_zone) if user.is_authenticated else None):
            return self.get_response(request)
