"""Pages of finance that are neither a list nor a record."""
