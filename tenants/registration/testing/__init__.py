"""What the test suite needs to know about this app (docs/testing.md)."""
