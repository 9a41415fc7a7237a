"""Which video plays when, and until when a content is open."""
