"""Plans: what each organisation may have, until when, and what was agreed with it."""
