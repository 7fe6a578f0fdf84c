"""Which page is looked at."""

BROWSED = {"public": ["/sign-up/"]}
