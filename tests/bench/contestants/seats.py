"""What the load generator needs of an organisation."""

from typing import TypedDict


class Seat(TypedDict):
    """Its host, and the cookie of a person who is signed in there."""

    host: str
    cookie: str
