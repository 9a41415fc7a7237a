"""Backups of the installation: database and files in an encrypted repository, and the way back."""
