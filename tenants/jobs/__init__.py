"""Workers: which jobs they do, and what the library they run on is told."""
