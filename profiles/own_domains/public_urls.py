"""Where the proxy asks. CertificateMiddleware answers; being listed here, the secret is cut out of every log."""

from django.urls import path

from profiles.own_domains.certificates import answer

urlpatterns = [
    path("tls/allowed", answer, name="tls_allowed"),
    path("tls/allowed/<str:key>", answer, name="tls_allowed_by_secret"),
]
