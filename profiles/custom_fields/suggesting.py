"""Suggests colleagues while the name of one is typed into a field."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from profiles.models import User
from profiles.requests import MemberRequest
from profiles.roles import sees_contacts

MOST = 8


class PersonInput(forms.TextInput):
    """With a list of suggestions that the browser shows. Without JavaScript it stays empty, and the name is typed."""

    template_name = "profiles/person_input.html"

    def get_context(self, name: str, value: object, attrs: dict[str, object] | None) -> dict[str, object]:
        context = super().get_context(name, value, attrs)
        listed = f"{context['widget']['attrs'].get('id', name)}-people"
        context["widget"]["attrs"] |= {
            "list": listed,
            "autocomplete": "off",
            "hx-get": reverse("suggest_people"),
            "hx-trigger": "input changed delay:250ms",
            "hx-target": f"#{listed}",
            "hx-sync": "this:replace",
        }
        return context | {"listed": listed}


@require_safe
def people(request: MemberRequest) -> HttpResponse:
    """The options that match what is typed. The input's name is that of the field."""
    typed = str(next(iter(request.GET.values()), "")).replace("\0", "").strip()[:150]
    members = User.objects.active() if typed else User.objects.none()
    found = members.search(typed, by_email=sees_contacts(request.user)).by_name()
    return render(request, "profiles/suggested_people.html", {"people": found[:MOST]})
