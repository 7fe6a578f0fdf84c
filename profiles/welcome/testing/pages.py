"""What the form of the welcome text is sent, and which page is looked at."""

FORMS = {"edit_welcome": {"text": "Welcome!"}}
BROWSED = {"owner": ["/welcome/edit/"]}
