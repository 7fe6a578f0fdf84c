"""Addresses of an organisation's home, settings, colour and logo."""

from django.urls import path, re_path

from profiles.organisation import appearance, first_steps, home, logo, look, members, privacy, settings, sign_in_page

urlpatterns = [
    path("", home.home, name="home"),
    path("first-steps/dismiss/", first_steps.dismiss, name="dismiss_first_steps"),
    path("settings/", settings.settings, name="settings"),
    path("settings/appearance/", appearance.appearance, name="appearance"),
    path("settings/members/", members.members_settings, name="members_settings"),
    path("settings/sign-in/", sign_in_page.sign_in_settings, name="sign_in_settings"),
    path("settings/privacy/", privacy.privacy, name="privacy"),
    # The size is in the name, except for logos of earlier releases.
    re_path(r"^logo/(?P<name>[0-9a-f-]{36}(-\d{1,5}x\d{1,5})?)\.webp$", logo.logo, name="logo"),
    path("look/<colour:colour>.css", look.style_sheet, name="look"),
    path("look/<colour:colour>.svg", look.icon, name="look_icon"),
]
