"""The house rules that no ready-made linter knows; `run.py` lists and runs them."""
