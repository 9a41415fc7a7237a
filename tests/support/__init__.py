"""Real servers and processes for the tests."""
