"""Pages where owners and admins define fields, and fill in those that only they may fill in."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from profiles.access import managers_only, profile_to_see
from profiles.custom_fields import changes as verbs
from profiles.custom_fields.forms import FieldForm, KindForm
from profiles.custom_fields.models import Field, Values
from profiles.custom_fields.renewing import convertible
from profiles.custom_fields.value_forms import ManagedValuesForm
from profiles.requests import MemberRequest
from tenants.once.doing import once


@managers_only
@require_safe
def fields(request: MemberRequest) -> HttpResponse:
    context = {"fields": Field.objects.in_use(), "deleted": Field.objects.deleted()}
    return render(request, "profiles/custom_fields.html", context)


@managers_only
@once
def new_field(request: MemberRequest) -> HttpResponse:
    form = FieldForm(request.POST or None)
    if form.is_valid() and done(form, lambda: verbs.define(actor=request.user, field=form.instance)):
        messages.success(request, _("“%(name)s” was added.") % {"name": form.instance.label})
        return redirect("custom_fields")
    return render(request, "profiles/custom_field.html", {"form": form})


@managers_only
def edit_field(request: MemberRequest, field_key: str) -> HttpResponse:
    field = in_use(field_key)
    form = FieldForm(request.POST or None, instance=field)
    if form.is_valid() and done(form, lambda: verbs.change(actor=request.user, field=form.instance)):
        messages.success(request, _("“%(name)s” was saved.") % {"name": form.instance.label})
        return redirect("custom_fields")
    return render(request, "profiles/custom_field.html", {"form": form, "field": field})


@managers_only
@once
def retype_field(request: MemberRequest, field_key: str) -> HttpResponse:
    """GET previews what would happen; POST does it."""
    field = in_use(field_key)
    asked = request.POST or (request.GET if "kind" in request.GET else None)
    form = KindForm(asked, initial={"kind": field.kind, "options": field.options})
    context = {"form": form, "field": field}
    if form.is_valid():
        if request.method == "POST" and done(
            form, lambda: verbs.retype(actor=request.user, field=field, **form.cleaned_data)
        ):
            messages.success(request, _("“%(name)s” has another type.") % {"name": field.label})
            return redirect("custom_fields")
        number, fitting = convertible(field, verbs.retyped(field, **form.cleaned_data))
        context |= {"number": number, "fitting": fitting, "left": number - fitting, "is_asked": True}
    return render(request, "profiles/retype_custom_field.html", context)


@managers_only
@once
def delete_field(request: MemberRequest, field_key: str) -> HttpResponse:
    field = in_use(field_key)
    if request.method == "POST":
        verbs.delete(actor=request.user, field=field)
        messages.success(request, _("“%(name)s” was deleted.") % {"name": field.label})
        return redirect("custom_fields")
    number = Values.objects.filter(values__has_key=field_key).count()
    return render(request, "profiles/delete_custom_field.html", {"field": field, "number": number})


@managers_only
@require_POST
@once
def restore_field(request: MemberRequest, field_key: str) -> HttpResponse:
    field = get_object_or_404(Field.objects.deleted(), key=field_key)
    try:
        verbs.restore(actor=request.user, field=field)
        messages.success(request, _("“%(name)s” is back.") % {"name": field.label})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("custom_fields")


@managers_only
@require_POST
def move_field(request: MemberRequest, field_key: str) -> HttpResponse:
    verbs.move(actor=request.user, field=in_use(field_key), is_up="up" in request.POST)
    return redirect("custom_fields")


@managers_only
def fill_in(request: MemberRequest, username: str) -> HttpResponse:
    """The values of a member that owners and admins fill in."""
    profile = profile_to_see(request, username)
    row = Values.objects.filter(pk=profile.pk).first() or Values(pk=profile.pk)
    form = ManagedValuesForm(request.POST if request.method == "POST" else None, instance=row)
    if not form.own:
        raise PermissionDenied(_("No field of the profile is filled in by owners and admins."))
    if form.is_valid():
        verbs.tell(request.user, profile, form.save_by(request.user, profile))
        messages.success(request, _("The profile was saved."))
        return redirect(profile)
    return render(request, "profiles/fill_in_custom_fields.html", {"form": form, "profile": profile})


def in_use(key: str) -> Field:
    return get_object_or_404(Field.objects.in_use(), key=key)


def done(form: BaseForm, verb: Callable[[], object]) -> bool:
    """Call the verb. False, with the error on the form, if it refuses."""
    try:
        verb()
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
