"""The people of an organisation: the list of them, a person's page, and the form for one's own."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from profiles import roles
from profiles.access import managers_only, profile_to_edit, profile_to_see
from profiles.models import User
from profiles.models.user import UserQuerySet
from profiles.people.forms import ProfileForm, added_forms
from profiles.people.lists import PeopleFilter, badges_of, open_invitations, with_badges
from profiles.pictures.limits import count_upload
from profiles.requests import MemberRequest
from shared.keyset import keyset_page

PAGE = 50


@require_safe
def people(request: MemberRequest) -> HttpResponse:
    """Everybody whom the viewer may look at."""
    return people_list(request, User.objects.visible_to(request.user), is_everyone=True)


@require_safe
@managers_only
def deactivated(request: MemberRequest) -> HttpResponse:
    return people_list(request, User.objects.filter(is_active=False), is_everyone=False)


def people_list(request: MemberRequest, members: UserQuerySet, *, is_everyone: bool) -> HttpResponse:
    viewer = request.user
    is_manager = roles.manages_members(viewer)
    filters = PeopleFilter(request.GET, is_manager=is_manager)
    by_email = roles.sees_contacts(viewer)
    found = members.search(request.GET.get("q", ""), by_email=by_email)
    found = filters.narrow(with_badges(found) if is_manager else found)
    page = keyset_page(found, request.GET, PAGE)
    context = {
        "page": page,
        "rows": [(member, roles.manages(viewer, member), badges_of(member)) for member in page.rows],
        "filters": filters,
        "columns": filters.columns(is_manager=is_manager),
        "granted": roles.granted_roles(viewer),
        "by_email": by_email,
        "is_everyone": is_everyone,
        "invited": is_manager and open_invitations(),
    }
    return render(request, "profiles/people.html", context)


@require_safe
def person(request: MemberRequest, username: str) -> HttpResponse:
    profile = profile_to_see(request, username)
    if profile.user.username != username:
        return redirect(profile)  # One page, one address: /people/Mike/ is mike's.
    context = {
        "profile": profile,
        "member": profile.user,
        "edits": roles.edits_profile(request.user, profile),
        "manages": roles.manages(request.user, profile.user),
        "sees_contact": roles.sees_contact(request.user, profile),
        "sees_birth_date": roles.sees_birth_date(request.user, profile),
    }
    return render(request, "profiles/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_profile(request: MemberRequest, username: str) -> HttpResponse:
    profile = profile_to_edit(request, username)
    refusal = count_upload(request)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ProfileForm(*posted, instance=profile)
    added = added_forms(profile, *posted)
    if refusal:
        form.add_error("photo", refusal)
    if all(each.is_valid() for each in (form, *added)) and form.keep(added):
        messages.success(request, _("Your profile was saved."))
        return redirect(profile)
    context = {"form": form, "added": added, "profile": profile, "section": "edit_my_profile"}
    return render(request, "profiles/edit_profile.html", context)


@require_safe
def my_profile(request: MemberRequest) -> HttpResponse:
    return redirect("person", request.user.username)


@require_safe
def edit_my_profile(request: MemberRequest) -> HttpResponse:
    return redirect("edit_profile", request.user.username)
