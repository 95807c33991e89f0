"""Stored files: named by their content, never changed, never served without a record that allows it."""
