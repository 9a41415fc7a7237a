"""Webhooks: a company's events, signed, at addresses it names."""
