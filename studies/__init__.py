"""The spine: study, country, site, with their life cycles, the protocol's plan, the milestones and the team."""
