"""Mail to members: rendered, stored until it is sent, delivered."""
