"""Addresses of passkeys, with the names of allauth's."""

from allauth.mfa.webauthn import views as allauth
from django.urls import path

from profiles.passkeys import views

urlpatterns = [
    path("account/passkeys/", allauth.list_webauthn, name="mfa_list_webauthn"),
    path("account/passkeys/add/", views.add, name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/edit/", allauth.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/passkeys/<int:pk>/remove/", allauth.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/passkeys/confirm/", views.confirm, name="mfa_reauthenticate_webauthn"),
    path("account/passkeys/sign-in/", allauth.login_webauthn, name="mfa_login_webauthn"),
]
