"""No tables of its own: event tables belong to the models they remember.

The module must be there: Django announces the end of `migrate` (post_migrate) only to apps that have one, and
what the product's role may not do is revoked then (privileges.py).
"""
