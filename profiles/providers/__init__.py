"""Members sign in with Google, Microsoft, GitHub or another provider, which operators set up for all organisations."""
