"""How values are shown: one way in the whole product."""

from django import template

register = template.Library()
