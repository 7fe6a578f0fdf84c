"""An organisation's site map."""

from django.urls import include, path

from profiles.admin import site

urlpatterns = [
    path("", include("profiles.urls")),
    path("account/", include("allauth.urls")),
    path("admin/", site.urls),
]
