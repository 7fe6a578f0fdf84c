"""What the form of the welcome text is sent."""

FORMS = {"edit_welcome": {"text": "Welcome!"}}
