"""Who may see and do what: roles, assignments, and the one way to narrow a queryset."""
