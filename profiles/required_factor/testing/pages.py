"""What the form is sent, and which pages are looked at."""

FORMS = {"required_factor": {"scope": "", "grace_days": "14"}}
BROWSED = {"owner": ["/settings/two-factor/"]}
