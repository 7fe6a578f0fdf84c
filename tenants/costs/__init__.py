"""What each organisation costs: seconds in requests and jobs, statements, bytes in the database and of files."""
