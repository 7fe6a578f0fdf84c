"""URLs for signing in: the one-time link, and allauth's pages."""

from django.urls import include, path, re_path

from profiles.sign_in import email_page, hand_off, mail_links
from tenants.once.doing import once

urlpatterns = [
    path("hand-off/<str:token>/", hand_off.hand_off, name="hand_off"),
    # Before allauth's own, which would answer a second click with "address is taken".
    path("account/email/", once(email_page.email), name="account_email"),
    # allauth's own would sign another member out, already when a link is opened.
    re_path(r"^account/confirm-email/(?P<key>[-:\w]+)/$", mail_links.confirm_email, name="account_confirm_email"),
    re_path(
        r"^account/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        mail_links.new_password,
        name="account_reset_password_from_key",
    ),
    path("account/", include("allauth.account.urls")),
]
