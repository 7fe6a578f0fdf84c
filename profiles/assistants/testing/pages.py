"""Which pages of assistants are looked at, and which address reads a signed token."""

SIGNED = {"mcp": "profiles/assistants/confirming.py"}
BROWSED = {"reader": ["/account/assistants/"]}
