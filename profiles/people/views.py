"""The list of people, a person's page, and the form for a member's own profile."""

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
from profiles.people.lists import PeopleFilter, added_columns, badges_of, open_invitations, with_badges
from profiles.people.shown import shown_to
from profiles.pictures.limits import count_upload
from profiles.requests import MemberRequest
from shared.keyset import keyset_page

PAGE = 50
# An owner sees what an admin sees.
SEEN_AS = (roles.Role.READER, roles.Role.EDITOR, roles.Role.ADMIN)


@require_safe
def people(request: MemberRequest) -> HttpResponse:
    """All members that the viewer may see."""
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
    found = members.search(request.GET.get("q", ""), by_email=by_email, as_manager=is_manager)
    found = filters.narrow(with_badges(found) if is_manager else found)
    page = keyset_page(found, request.GET, PAGE)
    context = {
        "page": page,
        # With all columns, one of them says what badges say.
        "rows": [
            (member, roles.manages(viewer, member), [] if filters.shows_all else badges_of(member))
            for member in page.rows
        ],
        "filters": filters,
        "added": added_columns(viewer, page.rows, shows_all=filters.shows_all),
        "columns": filters.heads(),
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
        return redirect(profile)  # One canonical address: /people/Mike/ redirects to /people/mike/.
    is_own = profile.user_id == request.user.pk
    viewer = stand_in(request.GET.get("as", "")) if is_own else None
    context = {
        "profile": profile,
        "member": profile.user,
        "edits": not viewer and roles.edits_profile(request.user, profile),
        "manages": roles.manages(request.user, profile.user),
        "sees_contact": roles.sees_contact(viewer or request.user, profile),
        "shown": shown_to(viewer or request.user, profile),
        # For slots: the viewer whose view is shown.
        "viewer": viewer or request.user,
        "seen_as": viewer.get_role_display() if viewer else "",
        "see_as": [(role, role.label) for role in SEEN_AS] if is_own else [],
    }
    return render(request, "profiles/person.html", context)


def stand_in(role: str) -> User | None:
    """Another member with this role, for the preview of a profile as others see it. None if the choice is invalid."""
    return User(pk=0, role=role) if role in SEEN_AS else None


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
