"""Addresses of single sign-on."""

from django.urls import path

from profiles.own_sign_in import signing_in, views

urlpatterns = [
    path("settings/single-sign-on/", views.own_sign_in, name="own_sign_in"),
    path("settings/single-sign-on/edit/", views.edit, name="edit_own_sign_in"),
    path("settings/single-sign-on/test/", views.test, name="test_own_sign_in"),
    path("settings/single-sign-on/remove/", views.remove, name="remove_own_sign_in"),
    path("account/single-sign-on/", signing_in.begin, name="begin_own_sign_in"),
    path("account/single-sign-on/callback/", signing_in.callback, name="own_sign_in_callback"),
]
