"""Addresses of photos and drawn initials."""

from django.urls import path

from profiles.pictures import views

urlpatterns = [
    path("people/<username:username>/initials.svg", views.initials, name="initials"),
    path("photos/<uuid:key>/<int:size>.webp", views.photo, name="photo"),
]
