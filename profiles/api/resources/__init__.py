"""The API of the core: a file per resource."""
