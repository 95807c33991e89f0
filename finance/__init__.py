"""Money: what sites are owed for what happened, and what the sponsor owes the house for what was done."""
