"""MindAR 1.2.5 as npm ships it, in headless Chromium, fed frame by frame."""
