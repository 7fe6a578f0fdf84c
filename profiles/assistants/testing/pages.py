"""Which pages of assistants are looked at."""

BROWSED = {"reader": ["/account/assistants/"]}
