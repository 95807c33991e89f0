"""Money on plain values: what is planned, earned, invoiced; nothing here reads a database or a clock."""
