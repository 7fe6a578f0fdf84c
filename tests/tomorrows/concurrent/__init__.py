"""An index that is made while people work, between two migrations that are atomic."""
