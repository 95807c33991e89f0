"""Electronic signatures: proof of identity first, then a signature bound to the exact content (21 CFR 11)."""
