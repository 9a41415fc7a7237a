"""The recognition engine: C to WebAssembly."""

from scripts.build.tools import PYTHON, ROOT, run_tool


def build_engine() -> str:
    """The sizes, as the engine's own build tells them; it knows by itself what changed."""
    output = run_tool("Building the engine", [PYTHON, ROOT / "engine" / "build.py"])
    return "unchanged" if output.count("up to date") == output.count(".wasm") else "built"
