"""The sample print, the clip that makes it live, and the demo that publishes them."""
