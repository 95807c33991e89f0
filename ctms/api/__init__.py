"""The REST API: the same records, rules and permissions as the pages, from the same declarations."""
