"""URLs of an organisation's site: everything that the apps have registered."""

from shared.capabilities.registry import urls

handler400 = "shared.bodies.refused"
handler500 = "shared.faults.broken"
handler429 = "profiles.sign_in.limits.too_often"  # allauth's name for it

urlpatterns = urls("tenant_urls")
