"""What it takes to find, open and keep a site: here its people."""
