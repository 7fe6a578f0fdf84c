"""An organisation's home page and settings."""
