"""Each person's first page; the top of the house, which may look into every room."""
