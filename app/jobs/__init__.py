"""Jobs as people see them: what waits, what runs, what failed and can be begun again."""
