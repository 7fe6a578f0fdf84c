"""Ways to join without an invitation of one's own: a join link, and requests that owners and admins approve."""
