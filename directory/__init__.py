"""Organizations, people and countries: entered once in the house, used by every study."""
