"""What happens to an organisation: sign-up, rename, suspend, remove."""
