"""/healthz: 200 when the database and the broker answer."""

from celery import current_app
from django.db import connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


def _database_answers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _broker_answers():
    with current_app.connection_for_write(connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=0, timeout=2)
        return True


@never_cache
@require_safe
def healthz(request):
    """Answer for a load balancer: no login, no detail beyond which part is away."""
    answers = {}
    for name, check in (("database", _database_answers), ("broker", _broker_answers)):
        try:
            answers[name] = "ok" if check() else "away"
        except Exception:  # whatever is wrong with it, it does not answer
            answers[name] = "away"
    healthy = set(answers.values()) == {"ok"}
    return JsonResponse({"status": "ok" if healthy else "away", **answers}, status=200 if healthy else 503)
