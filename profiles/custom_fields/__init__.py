"""Fields that an organisation adds to its members' profiles."""
