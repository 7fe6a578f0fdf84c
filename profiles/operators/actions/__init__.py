"""What operators do to an organisation, as far as it needs no other capability."""
