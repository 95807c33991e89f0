"""What a bank and an accounting system are handed: values in, bytes out."""
