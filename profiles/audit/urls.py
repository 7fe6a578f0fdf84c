"""Addresses of the audit log."""

from django.urls import path

from profiles.audit import views

urlpatterns = [
    path("settings/activity/", views.audit_log, name="audit_log"),
    path("settings/activity/activity.<str:name>", views.export, name="export_audit_log"),
    path("account/sign-ins/", views.my_sign_ins, name="my_sign_ins"),
]
