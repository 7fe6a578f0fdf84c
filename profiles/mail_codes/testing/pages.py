"""What the forms are sent, and which pages are looked at."""

IN_SESSION = {"profiles/mail_codes/views.py": {"mail_code": "/account/code/confirm/"}}
FORMS = {"mail_code": {"email": "reader@acme.example"}, "confirm_mail_code": {"code": "ABCDEF"}}
BROWSED = {"visitor": ["/account/code/"]}
# Statements on these tables are counted by the tests of this app.
COUNTED = ("mail_codes_mailcode",)
