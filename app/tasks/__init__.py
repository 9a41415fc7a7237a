"""The job queue: Celery app, task runtime, sweeper, beat table."""
