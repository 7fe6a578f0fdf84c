"""The tenants' database engine, which says in a sentence why a server cannot be used."""
