"""What other systems need beside the records: their own names for them, safe repeats, and word of what happened."""
