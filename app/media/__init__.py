"""Images and videos: what they are, and making them fit to serve."""
