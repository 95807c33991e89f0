"""What may happen to a record: declared once, performed in one place, and enforced by the database too."""
