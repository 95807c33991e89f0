"""Readers of files: what kind a file is, its words, the workbook of the reference model."""
