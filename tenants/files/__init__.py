"""Each file of an organisation has a row with its bytes and its SHA-256: for check_files, and for a quota."""
