"""The project's own parts: the database it finds or starts, `make run`, and what the containers run."""
