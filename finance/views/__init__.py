"""Pages of finance beyond lists and records."""
