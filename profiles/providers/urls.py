"""Addresses on organisations' hosts."""

from django.urls import path

from profiles.providers import pages, signing_in

urlpatterns = [
    path("account/providers/", pages.providers, name="providers"),
    path("account/providers/confirm/", pages.confirm_link, name="confirm_provider"),
    path("account/providers/<slug:name>/", signing_in.begin, name="begin_provider"),
    path("account/providers/<slug:name>/return/", signing_in.returned, name="provider_return"),
    path("account/providers/<slug:name>/link/", pages.begin_link, name="link_provider"),
    path("account/providers/<slug:name>/unlink/", pages.remove_link, name="unlink_provider"),
]
