"""Pages of a study that are neither a list nor a record: bring files in, the team."""
