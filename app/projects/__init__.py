"""Folders of work."""
