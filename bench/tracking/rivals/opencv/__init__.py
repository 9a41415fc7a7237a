"""What a competent engineer builds from OpenCV's parts in a day or two."""
