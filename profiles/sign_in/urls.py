"""URLs for signing in: the one-time link, and allauth's pages."""

from django.urls import include, path

from profiles.sign_in import email_page, hand_off
from tenants.once.doing import once

urlpatterns = [
    path("hand-off/<str:token>/", hand_off.hand_off, name="hand_off"),
    # Before allauth's own, which would answer a second click with "address is taken".
    path("account/email/", once(email_page.email), name="account_email"),
    path("account/", include("allauth.account.urls")),
]
