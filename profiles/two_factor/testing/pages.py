"""Which page is looked at."""

BROWSED = {"owner": ["/account/2fa/"]}
