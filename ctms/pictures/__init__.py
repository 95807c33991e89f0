"""Pictures drawn on the server, the same on a page and on paper."""
