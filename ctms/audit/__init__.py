"""Memory: the database itself keeps who changed what, when, why and through what."""
