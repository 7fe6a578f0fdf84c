"""One action on many rows of the lists of people and of invitations."""
