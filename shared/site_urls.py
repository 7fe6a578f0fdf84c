"""Addresses that every site has, the public one and organisations'."""

from django.urls import path

from shared import robots

urlpatterns = [
    path("robots.txt", robots.robots, name="robots"),
    path(".well-known/security.txt", robots.security, name="security_txt"),
]
