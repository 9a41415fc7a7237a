"""Every performance claim of ARV as a command that prints its own figures."""
