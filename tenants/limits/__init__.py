"""Rate limits, counted in PostgreSQL."""
