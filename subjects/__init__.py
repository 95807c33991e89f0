"""The people of a trial, known by number alone: their consent, their state, their visits."""
