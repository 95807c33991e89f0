"""Reports: facts are computed for one reader as of a day, frozen, shown, printed as PDF/A, sent by schedule."""
