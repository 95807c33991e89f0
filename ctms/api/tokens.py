"""Bearer tokens: one person's, kept as a hash, revocable."""

from functools import cache

from django.db import connection
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from ctms.accounts.models import ApiToken, User
from ctms.accounts.services import create_token
from ctms.calendar.zones import zone_named

__all__ = ["BearerAuthentication", "create_token"]


class BearerAuthentication(BaseAuthentication):
    keyword = b"bearer"

    def authenticate(self, request):
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != self.keyword:
            return None
        if len(words) != 2:
            raise AuthenticationFailed("Send the token as: Authorization: Bearer TOKEN")
        secret = words[1].decode("latin-1")
        token = _token_of(secret)
        if token is None or not token.is_live(timezone.now()) or not token.user.is_active:
            raise AuthenticationFailed("This token is unknown, expired or revoked.")
        # Until the request ends (TimeZoneMiddleware): today is the day where the person is, as on the pages.
        timezone.activate(zone_named(token.user.time_zone))
        return token.user, token

    def authenticate_header(self, request):
        return "Bearer"


# Stands in the statement for what is looked for.
SOME_DIGEST = "-"


@cache
def _statement():
    """Return the SQL that finds a token and whose it is: Django took longer to write it than PostgreSQL to answer."""
    sql, _parameters = (
        ApiToken.objects.filter(digest=SOME_DIGEST).select_related("user").query.sql_with_params()
    )
    return sql


def _token_of(secret):
    """Return the token with its person, or None."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(), [ApiToken.digest_of(secret)])
        row = cursor.fetchone()
    if row is None:
        return None
    own, persons = ([f.attname for f in model._meta.concrete_fields] for model in (ApiToken, User))
    token = ApiToken.from_db(connection.alias, own, row[: len(own)])
    token.user = User.from_db(connection.alias, persons, row[len(own) :])
    return token


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = BearerAuthentication
    name = "bearer"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer"}
