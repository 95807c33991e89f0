"""Money on plain values: what is owed, planned, earned, invoiced; nothing here reads a database or a clock."""
