"""Where files are kept: connections, the port, and its backends."""
