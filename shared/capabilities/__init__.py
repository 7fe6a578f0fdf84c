"""Capabilities: removable apps, each of which registers what it adds to the product (docs/capabilities.md)."""
