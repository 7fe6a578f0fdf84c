"""What tests of members share: their roles, and a browser in which one has signed in."""

from profiles.models import User
from profiles.testing import PASSWORD, SiteClient
from tenants.context import within


def roles_of(tenant):
    with within(tenant):
        return dict(User.objects.values_list("username", "role"))


def sign_in_by_password(tenant, username):
    client = SiteClient(tenant)
    assert client.post("/account/login/", {"login": username, "password": PASSWORD}).status_code == 302
    assert client.get("/people/").status_code == 200
    return client
