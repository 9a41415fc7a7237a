"""The sample print, the clip that makes it live, and the demo that publishes them."""

from app.demo.flow import DemoOptions, run_demo

__all__ = ["DemoOptions", "run_demo"]
