"""The database engine for DATABASE_URL, which explains in a sentence why a server cannot be used."""
