"""Fields that an organisation defines."""
