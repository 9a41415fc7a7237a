"""Point-in-time recovery's scripts, and the drill that loses a server and times the way back."""
