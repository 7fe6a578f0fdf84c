"""An organisation's own sign-in: its members sign in with its OpenID Connect provider."""
