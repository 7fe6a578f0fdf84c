"""URLs of the public site on the bare domain, where organisations sign up."""

from django.conf import settings

from shared.capabilities.registry import urls

handler400 = "shared.bodies.refused"
handler403 = "shared.faults.forbidden"
handler404 = "shared.faults.not_found"
handler500 = "shared.faults.broken"

urlpatterns = urls("public_urls")

if settings.DEBUG:
    urlpatterns += urls("development_urls")
