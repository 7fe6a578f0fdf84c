"""The directory, a person's page, and the form for one's own profile."""
