"""Addresses of the pages on which owners manage email domains, and of the one on which people join by them."""

from django.urls import path

from profiles.mail_domains import views

urlpatterns = [
    path("settings/email-domains/", views.mail_domains, name="mail_domains"),
    path("settings/email-domains/add/", views.add_mail_domain, name="add_mail_domain"),
    path("settings/email-domains/<int:pk>/", views.mail_domain, name="mail_domain"),
    path("settings/email-domains/<int:pk>/check/", views.check_mail_domain, name="check_mail_domain"),
    path("settings/email-domains/<int:pk>/joining/", views.mail_domain_joining, name="mail_domain_joining"),
    path("settings/email-domains/<int:pk>/remove/", views.remove_mail_domain, name="remove_mail_domain"),
    path("email-domain/join/", views.join_by_domain, name="join_by_domain"),
]
