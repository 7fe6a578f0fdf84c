"""The welcome text on an organisation's home page."""
