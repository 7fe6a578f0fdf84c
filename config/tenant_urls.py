"""URLs of an organisation's site: everything that the apps have registered."""

from shared.capabilities.registry import urls

handler400 = "shared.bodies.refused"
handler403 = "shared.faults.forbidden"
handler404 = "shared.faults.not_found"
handler500 = "shared.faults.broken"
handler429 = "profiles.sign_in.limits.too_often"  # allauth's name for it

urlpatterns = urls("tenant_urls")
