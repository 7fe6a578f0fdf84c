"""URLs of both the public site and organisations' sites."""

from django.urls import path

from shared import robots

urlpatterns = [
    path("robots.txt", robots.robots, name="robots"),
    path(".well-known/security.txt", robots.security, name="security_txt"),
]
