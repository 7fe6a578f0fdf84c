"""Signing in from an address, as attackers do, and whether a limit refuses it."""

import re

from profiles.testing import PASSWORD

LOGIN = "/account/login/"
WORDS = "Too many attempts to sign in. Your password was not checked."
ATTACKER, ELSEWHERE = "198.51.100.66", "203.0.113.7"


def sign_in(client, login="owner", password=PASSWORD, address=ATTACKER):
    return client.post(LOGIN, {"login": login, "password": password}, REMOTE_ADDR=address)


def is_refused(response):
    if response.status_code != 429:
        return False
    assert 1 <= int(response["Retry-After"]) <= 60
    assert re.search(r"Try again in 1 minute\.|Wait a minute", response.content.decode())
    return True
