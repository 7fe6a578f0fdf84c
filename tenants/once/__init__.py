"""Forms that are sent twice, by a double click, and do their work once."""
