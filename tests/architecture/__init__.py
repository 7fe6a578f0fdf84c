"""What holds for the whole of the code, and not for one part of it."""
