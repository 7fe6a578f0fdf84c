"""Mail to members: rendered, kept until it is sent, delivered."""
