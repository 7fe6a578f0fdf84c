"""The operators' console: organisations of this installation, their figures, and what operators do to them."""
