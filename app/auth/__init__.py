"""Signing in, server-side sessions, and who is asking."""
