"""One search over everything a person may see: an index the database keeps, narrowed like the records themselves."""
