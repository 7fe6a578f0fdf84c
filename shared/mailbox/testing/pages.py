"""Which page is looked at. Others are there in development only, and stand in no table."""

BROWSED = {"public": ["/dev/mail/"]}
