"""What the form is sent, and which pages are looked at."""

FORMS = {"change_username": {"username": "someone.new"}}
BROWSED = {"owner": ["/account/username/"]}
