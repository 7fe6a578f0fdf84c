"""An organisation's site map."""

from django.urls import include, path

from profiles.admin import site

handler400 = "shared.bodies.refused"
handler500 = "shared.faults.broken"
handler429 = "profiles.sign_in.limits.too_often"  # allauth's name for it

urlpatterns = [
    path("", include("profiles.urls")),
    path("account/", include("allauth.urls")),
    path("admin/", site.urls),
]
