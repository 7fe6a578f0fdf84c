"""The address on the base domain that is entered at a provider."""

from django.urls import path

from profiles.providers import signing_in

urlpatterns = [path("providers/<slug:name>/callback/", signing_in.callback, name="provider_callback")]
