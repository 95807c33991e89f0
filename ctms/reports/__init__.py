"""Printed reports: a template and frozen facts become a PDF/A."""
