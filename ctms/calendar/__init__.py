"""Days: working days of a country, dates known to the month, today where a person or a site is."""
