"""GitHub as its documentation has it: authorize, access_token, and the two addresses of its API that tell who it is."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

CLIENT, SECRET, TOKEN = "Iv1.tests", "github's secret", "gho_token"
RITA = {"id": 4711, "login": "rita-codes", "name": "Rita Reader"}


def address(email: str, *, primary: bool = True, verified: bool = True) -> dict[str, Any]:
    return {"email": email, "primary": primary, "verified": verified, "visibility": None}


class GitHub(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.user: dict[str, Any] = dict(RITA)
        self.emails = [address("other@acme.example", primary=False), address("reader@acme.example")]
        self.codes: dict[str, dict[str, str]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: GitHub

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if asked.path == "/login/oauth/authorize":
            return self.authorize(dict(parse_qsl(asked.query)))
        found = {"/api/v3/user": self.server.user, "/api/v3/user/emails": self.server.emails}.get(asked.path)
        is_ours = self.headers["Authorization"] == f"Bearer {TOKEN}" and self.headers["User-Agent"]
        return self.answer(found if is_ours else {"message": "Bad credentials"}, 200 if is_ours else 401)

    def authorize(self, asked: dict[str, str]) -> None:
        code = f"code{len(self.server.codes)}"
        self.server.codes[code] = asked
        self.send_response(302)
        query = urlencode({"code": code, "state": asked["state"]})
        self.send_header("Location", f"{asked['redirect_uri']}?{query}")
        self.end_headers()

    def do_POST(self) -> None:
        """Each code is worth one token, to the client that it was made for, with the verifier of its challenge."""
        said = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        asked = self.server.codes.pop(said.get("code", ""), {})
        challenge = urlsafe_b64encode(sha256(said["code_verifier"].encode()).digest()).decode().rstrip("=")
        is_right = (
            asked.get("code_challenge") == challenge
            and asked.get("redirect_uri") == said["redirect_uri"]
            and (said["client_id"], said["client_secret"]) == (CLIENT, SECRET)
        )
        self.answer({"access_token": TOKEN} if is_right else {"error": "bad_verification_code"}, 200)

    def answer(self, content: Any, status: int) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, *_args: Any) -> None:
        pass


@contextmanager
def running() -> Iterator[GitHub]:
    with GitHub() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
