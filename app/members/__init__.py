"""Who works in a company: its members, and those invited to become members."""
