"""The living print: an image, its target, its videos, its printed code."""
