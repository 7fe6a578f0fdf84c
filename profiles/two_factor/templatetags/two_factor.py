"""Template tags of the page of two-factor sign-in."""

from allauth.account.models import EmailAddress
from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def unproved_address(context: template.Context) -> str:
    """An address of the viewer's that has to be proved before a second factor can be set up, or ""."""
    unproved = EmailAddress.objects.filter(user=context["request"].user, verified=False).order_by("pk")
    return unproved.values_list("email", flat=True).first() or ""
