"""The end of a company: every row and every file of it."""
