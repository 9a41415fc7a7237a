"""Many contents from one table."""
