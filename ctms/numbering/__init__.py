"""Running numbers without gaps or doubles."""
