"""Where the browsers' names are shown."""

SHOWING = ["/account/sessions/"]
