"""Capabilities: apps that can be taken out, each of which registers what it adds elsewhere (docs/capabilities.md)."""
