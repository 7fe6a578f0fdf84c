"""The project: settings, site maps, the database, and how all of it is started."""
