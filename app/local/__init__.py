"""The one-machine size: private PostgreSQL and Valkey, and a process supervisor."""
