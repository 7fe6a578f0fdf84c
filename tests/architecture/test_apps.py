"""Which app is in tenants' schemas, and which in public: no relation leads from one to the other."""

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django_tenants.routers import TenantSyncRouter

from shared.capabilities.registry import capabilities

LABELS = [app.label for app in apps.get_app_configs()]
SHARED = [label for label in LABELS if TenantSyncRouter().app_in_list(label, settings.SHARED_APPS)]
TENANTS = [label for label in LABELS if TenantSyncRouter().app_in_list(label, settings.TENANT_APPS)]
# Their tables need none of our schemas, since they have none.
WITHOUT_MODELS = [app for app in apps.get_app_configs() if not list(app.get_models(include_auto_created=True))]


def relations(labels: list[str]) -> list[tuple[str, str]]:
    """From and to which app each relation leads."""
    return [
        (model._meta.app_label, field.related_model._meta.app_label)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in labels
        for field in model._meta.get_fields(include_hidden=True)
        if field.is_relation and not isinstance(field, GenericForeignKey) and field.related_model
    ]


def test_every_app_with_models_lives_in_one_place():
    for app in apps.get_app_configs():
        places = (app.label in SHARED) + (app.label in TENANTS)
        assert places == 1 or app in WITHOUT_MODELS, f"{app.name} lives in {places} places"


def test_no_relation_leads_from_the_tenants_to_public():
    assert relations(TENANTS)
    assert {target for _, target in relations(TENANTS)} <= set(TENANTS)


def test_no_relation_leads_from_public_to_the_tenants():
    assert relations(SHARED)
    assert {target for _, target in relations(SHARED)} <= set(SHARED)


def test_no_person_lives_in_public():
    assert settings.AUTH_USER_MODEL.partition(".")[0] in TENANTS
    for library in ("contenttypes", "auth", "guardian", "account"):
        assert library in TENANTS
    brought = [app for app in capabilities() if app.lives_in == "tenant"]
    assert {library for app in brought for library in app.libraries} <= set(settings.TENANT_APPS)
