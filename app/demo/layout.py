"""Where everything stands in the sample picture, in fractions of its width (u) and height (v)."""

ASPECT = 1.5
PRINT_SIZE = (1296, 864)
CLIP_SIZE = (960, 640)

WINDOW = (0.034, 0.048, 0.966, 0.872)
"""The picture inside its paper border: left, top, right, bottom."""
HORIZON = 0.618
SUN = (0.640, 0.428)
SUN_RADIUS = 0.068
"""In widths."""
SUN_SETS_BY = 0.20
"""How far it sinks, in heights."""
CABIN = (0.795, 0.618)
BOAT = (0.445, 0.722)
TITLE = "LAKE OF THE LONG DUSK"
