"""Two-factor sign-in with an authenticator app and recovery codes."""
