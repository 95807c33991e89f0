"""Monitoring visits and their reports, and what comes out of them: action items and deviations."""
