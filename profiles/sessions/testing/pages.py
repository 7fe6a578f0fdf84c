"""Where the browsers' names are shown, and which page is looked at."""

SHOWING = ["/account/sessions/"]
BROWSED = {"owner": ["/account/sessions/"]}
