"""ARV: self-hosted, multi-tenant augmented reality on print."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("arv")
except PackageNotFoundError:  # a checkout that was never installed
    __version__ = "0.1.0"
