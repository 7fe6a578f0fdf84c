"""The public site's map: the bare domain, where organisations are signed up."""

from django.conf import settings
from django.urls import include, path

handler400 = "shared.bodies.refused"
handler500 = "shared.faults.broken"

urlpatterns = [path("", include("tenants.urls")), path("", include("shared.urls"))]

if settings.DEBUG:
    urlpatterns.append(path("dev/mail/", include("shared.mailbox.urls")))
