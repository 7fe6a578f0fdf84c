"""The welcome texts of the demo's organisations."""

from profiles.models import User
from profiles.roles import Role
from profiles.welcome.models import Welcome
from tenants.models import Tenant

TEXTS = {
    "acme": (
        "Hello, and good that you are here!\n\n"
        "We build small rockets that come back. Launches are on Thursdays, if the weather agrees.\n\n"
        "New here? Add a photo to your profile, so that people recognise you at the coffee machine."
    ),
    "globex": (
        "Welcome to Globex Gardens.\n\n"
        "We plant roofs, walls and whatever else stands still. The rounds are on the board in the greenhouse."
    ),
}


def write(tenant: Tenant) -> None:
    """Write the text of the current tenant, an organisation of the demo."""
    editor = User.objects.filter(role=Role.EDITOR).first()
    Welcome.objects.create(pk=1, text=TEXTS.get(str(tenant.slug), ""), updated_by=editor)
