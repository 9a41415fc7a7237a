"""A company's own hostname, proved by DNS."""
