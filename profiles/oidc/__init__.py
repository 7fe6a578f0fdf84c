"""Signing in with an OpenID Connect provider: calls, discovery, ID tokens, the way there and back. It has no pages."""
