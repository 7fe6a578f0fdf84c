"""What each contestant does, in a Python process of its own (tests/bench/inside.py)."""
