"""Whether the installation does all that it is for, for monitors."""
