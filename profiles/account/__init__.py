"""A member's own account: an overview of its safety, and how its pages look."""
