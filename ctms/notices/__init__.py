"""Telling people: in the product and by mail, once each, narrowed to who is told."""
