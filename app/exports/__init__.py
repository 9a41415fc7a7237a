"""Everything a company has, in one file it can take away."""
