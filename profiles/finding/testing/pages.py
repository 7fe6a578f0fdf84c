"""What the form of this app is sent, and which pages are looked at."""

FORMS = {"find": {"email": "rita@acme.example"}}
BROWSED = {"public": ["/find/", "/find/sent/"]}
