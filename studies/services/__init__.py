"""Writes that touch more than one record of the spine."""
