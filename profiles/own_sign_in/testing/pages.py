"""What the forms are sent, and which pages are looked at."""

COUNTED = ("own_sign_in_provider", "own_sign_in_identity")
IN_SESSION = {
    "profiles/own_sign_in/flow.py": {"own_sign_in": "/account/single-sign-on/callback/"},
    "profiles/own_sign_in/connecting.py": {"connects_to_provider": "/account/login/"},
}
FORMS = {
    "own_sign_in": {"state": "tested"},
    "edit_own_sign_in": {
        "name": "Okta",
        "issuer": "https://127.0.0.1",
        "client_id": "c",
        "secret": "s",
        "scopes": "openid",
        "role": "reader",
        "groups_claim": "groups",
        "roles": "Admins = admin",
    },
}
BROWSED = {"owner": ["/settings/single-sign-on/"]}
