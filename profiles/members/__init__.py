"""Managing members: role, deactivate, reactivate, remove, leave."""
