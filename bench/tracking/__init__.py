"""Recognition and tracking measured against rendered sequences whose truth is exact.

`python -m bench.tracking` renders prints under a moving pin-hole camera, runs the engine over the
frames and prints error, losses, shake and speed by family of conditions.
"""
