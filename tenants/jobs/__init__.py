"""Workers: which jobs they do, and how procrastinate is configured and corrected."""
