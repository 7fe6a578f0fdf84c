"""Members who were removed can be invited back with their profile."""
