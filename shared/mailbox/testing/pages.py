"""The pages that browser tests visit. The others exist in development only."""

BROWSED = {"public": ["/dev/mail/"]}
