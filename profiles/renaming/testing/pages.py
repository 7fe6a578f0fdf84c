"""What the form is sent, and which pages are looked at."""

FORMS = {"change_username": {"username": "someone.new"}}
BROWSED = {"owner": ["/account/username/"]}
# Statements on these tables are counted by the tests of this app.
COUNTED = ("renaming_formername",)
