"""Members who come back."""
