"""The project: settings, site maps, the database, and how everything is started."""
