"""The sign-up page on the public site."""
