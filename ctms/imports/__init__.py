"""Files that bring records in: who brought which, and sheets of rows that come in whole or not at all."""
