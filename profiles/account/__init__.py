"""A member's own account: an overview of its security, and preferences for pages."""
