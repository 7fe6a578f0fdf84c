"""A provider of OpenID Connect in a process of its own: allauth's, in memory. `python provider.py [port]` prints its
address.

A PUT to /said/ says who the person is, and what is wrong with the next ID tokens.
"""

import json
import sys
from functools import cache
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings

CLIENT, SECRET = "tenantry", "a secret: of the client+"
said: dict[str, Any] = {}


def new_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def configure() -> None:
    settings.configure(
        SECRET_KEY="only for tests" * 5,
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="tests.profiles.oidc.answers",
        USE_TZ=True,
        # The client's secret is compared at each sign-in.
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=[
            *("django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"),
            *("allauth", "allauth.account", "allauth.idp.oidc"),
        ],
        MIDDLEWARE=[
            f"{__name__}.signed_in",
            "allauth.account.middleware.AccountMiddleware",
            f"{__name__}.forging",
        ],
        MIGRATION_MODULES=dict.fromkeys(("contenttypes", "auth", "sessions", "account", "allauth_idp_oidc")),
        IDP_OIDC_ADAPTER="tests.profiles.oidc.answers.Adapter",
        IDP_OIDC_PRIVATE_KEY=new_key(),
    )


def signed_in(get_response: Any) -> Any:
    """The person has a session at the provider."""

    def middleware(request: Any) -> Any:
        from django.contrib.auth.models import User

        request.user = User.objects.get()
        request.session = {}
        return get_response(request)

    return middleware


def forging(get_response: Any) -> Any:
    """Signs ID tokens anew, with what is no key of the provider's, and gives other keys."""

    def middleware(request: Any) -> Any:
        response = get_response(request)
        if request.path.endswith("/openid-configuration") and (called := said.get("called")):
            response.content = json.dumps(json.loads(response.content) | {"issuer": called})
        if request.path.endswith("/token") and (forge := said.get("forge")) and response.status_code == 200:
            body = json.loads(response.content)
            claims = jwt.decode(body["id_token"], options={"verify_signature": False})
            header = {"kid": jwt.get_unverified_header(body["id_token"])["kid"]}
            forged: dict[str, Any] = {"none": (None, "none"), "hmac": (SECRET * 2, "HS256")}
            forged["other"] = (new_key(), "RS256")
            key, algorithm = forged[forge]
            body["id_token"] = jwt.encode(claims, key, algorithm=algorithm, headers=header)
            response.content = json.dumps(body)
        if "keys" in said and request.path.endswith("/jwks.json"):
            response.content = json.dumps({"keys": said["keys"]})
        return response

    return middleware


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None:
        pass


def application() -> Any:
    import django
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    from allauth.core.internal import jwkkit
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.models import User

    # It reads the key for each answer, and OpenSSL tests the primes of a key that is read.
    jwkkit.load_pem = cache(jwkkit.load_pem)
    User.objects.create_user("person")
    client = Client(id=CLIENT, name="Tenantry", scopes="openid\nemail\nprofile", skip_consent=True)
    client.set_secret(SECRET)
    client.save()
    return get_wsgi_application()


def put(request: Any) -> Any:
    from allauth.idp.oidc.models import Client
    from django.http import JsonResponse

    said.clear()
    said.update(json.loads(request.body))
    Client.objects.update(redirect_uris="\n".join(said.get("callbacks", [])))
    return JsonResponse({})


def end_with_the_tests(server: WSGIServer) -> None:
    """Their process holds the other end of standard input, however it ends."""
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    sys.modules["tests.profiles.oidc.provider"] = sys.modules["__main__"]
    configure()
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    server: WSGIServer = make_server("127.0.0.1", port, application(), handler_class=Quiet)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    Thread(target=end_with_the_tests, args=[server], daemon=True).start()
    server.serve_forever()
