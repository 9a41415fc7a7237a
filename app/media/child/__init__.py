"""What opens strangers' pictures and videos, in a process that has next to no rights.

It imports nothing else of ARV, so that it starts quickly and has nothing to give away.
"""
