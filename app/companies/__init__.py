"""Tenants and who works in them."""
