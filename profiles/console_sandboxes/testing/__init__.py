"""What the suite has to know of this app (docs/testing.md)."""
