"""Values in, values out: what a thing that happened is worth, and what keeps it from being paid."""
