"""Other trackers on the very same frames: MindAR from npm, and an OpenCV pipeline."""
