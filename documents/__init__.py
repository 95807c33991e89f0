"""The trial master file: artifacts, documents and their versions."""
