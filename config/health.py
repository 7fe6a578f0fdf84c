"""Checks the web server's health, for `make run` and for its container (`python -m config.health`)."""

import http.client
import os
import sys
from urllib.parse import urlsplit

ANSWER_SECONDS = 5


def is_healthy(address: str, port: int, host: str) -> bool:
    """Does /health/ answer 200 there? Sends the public site's host name, since IP addresses are refused as hosts."""
    connection = http.client.HTTPConnection(address, port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/health/", headers={"Host": host})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    public_host = urlsplit(os.environ["BASE_URL"]).hostname or ""
    sys.exit(not is_healthy("127.0.0.1", int(os.environ.get("PORT", "8000")), public_host))
