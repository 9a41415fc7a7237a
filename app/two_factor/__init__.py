"""A second thing to prove who it is: one-time codes of an authenticator app, and recovery codes."""
