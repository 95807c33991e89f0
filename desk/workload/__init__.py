"""Who carries how much: a line a monitor."""
