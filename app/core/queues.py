"""The names of the queues, apart from the jobs: who only names them need not load the database's library."""

from typing import Final

QUEUES: Final = ("markers", "notifications", "default")
