"""Sign-up on the public site. A product without open sign-up takes it out, and uses `manage.py provision`."""

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link, Slot


class RegistrationConfig(Capability):
    name = "tenants.registration"
    lives_in = "public"
    public_urls = "tenants.registration.urls"
    limits = {"sign_up": {"address": (20, 3600), "account": (10, 86_400)}}
    public_navigation = (Link(url_name="sign_up", label=_("Sign up")),)
    slots = {"landing": (Slot(template="tenants/sign_up_button.html"),)}
