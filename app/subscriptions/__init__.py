"""Plans, what a company may use and does use, and what happens at the limit."""
