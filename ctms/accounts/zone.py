"""Each person reads instants in their own time zone; dates without a clock never shift."""

from django.utils import timezone

from ctms.calendar.zones import zone_named


class TimeZoneMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            with timezone.override(zone_named(request.user.time_zone)):
                return self.get_response(request)
        return self.get_response(request)
