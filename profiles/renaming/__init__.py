"""Members change their username; the former one leads to their profile for some time, and no one else gets it."""
