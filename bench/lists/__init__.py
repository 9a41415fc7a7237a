"""How fast the database answers the API's lists, and how that grows with the data."""
