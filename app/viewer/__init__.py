"""What the public sees: the viewer page, its manifest, the files, and the panel's own page."""
