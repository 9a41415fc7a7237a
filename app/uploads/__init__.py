"""Files coming in."""
