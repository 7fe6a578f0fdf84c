"""What each organisation may have, by its plan. There are no payments here: docs/plans.md tells how to add billing."""

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link, Slot


class PlansConfig(Capability):
    name = "profiles.plans"
    label = "plans"
    lives_in = "public"  # facts about organisations
    tenant_urls = "profiles.plans.urls"
    settings_pages = (
        Link(url_name="plan", group="organisation", label=_("Plan"), icon="list", may="see_plan", order=48),
    )
    slots = {
        "banner": (Slot(template="profiles/plan_banner.html", context="profiles.plans.cards.banner", order=20),),
        "members": (Slot(template="profiles/seats_card.html", context="profiles.plans.cards.seats", order=10),),
    }
    rights = {"see_plan": "profiles.plans.rights.sees_plan"}
    allows = "profiles.plans.held.allowed"
    plan_of = "profiles.plans.held.known_plan"
    census = {"seats": "profiles.seats.used", "seats_over": "profiles.plans.census.seats_over"}
    operator_actions = ("profiles.plans.operating.CHANGE_PLAN",)
    operator_filters = ("profiles.plans.operating.BY_PLAN",)
    operator_columns = (
        "profiles.plans.operating.PLAN",
        "profiles.plans.operating.PLAN_NAME",
        "profiles.plans.operating.PLAN_UNTIL",
    )
    audit_kinds = {
        "organisation.plan_changed": _("Plan changed"),
        "organisation.plan_ended": _("Plan ended"),
        "console.change_plan": _("Plan changed by an operator"),
        "console.plan_changed": _("Plan changed"),
    }
