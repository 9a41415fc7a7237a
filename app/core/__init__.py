"""What every feature stands on: settings, database, errors, jobs, logs, files."""
