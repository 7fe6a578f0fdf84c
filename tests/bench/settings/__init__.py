"""One settings module for each contestant, all from config.settings."""
