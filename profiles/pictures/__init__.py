"""Photos, logos and drawn initials."""
