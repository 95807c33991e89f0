"""Amounts with their currency: decimal, never floating, rounded to what the currency can be paid in."""
