"""URLs of the operators' organisation: those of every organisation, and the console."""

from config.tenant_urls import handler400, handler403, handler404, handler429, handler500
from config.tenant_urls import urlpatterns as of_every_organisation
from shared.capabilities.registry import urls

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]

urlpatterns = [*urls("operator_urls"), *of_every_organisation]
