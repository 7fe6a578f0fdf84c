"""What keeps organisations apart besides the search_path."""
