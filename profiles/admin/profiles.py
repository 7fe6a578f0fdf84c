"""Profiles in Django's admin: members read all of them and change their own."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from profiles import roles
from profiles.admin.site import FirstRows, RuledAdmin, site, viewer
from profiles.models import Profile, User
from profiles.people.shown import hide
from tenants.events import emit


class ShownRows(FirstRows):
    """Leaves out what members hide from the viewer."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = [hide(viewer(request), profile) for profile in self.result_list]


@admin.register(Profile, site=site)
class ProfileAdmin(RuledAdmin):
    list_display = ["user", "name", "location", "pronouns", "time_zone", "has_photo", "updated"]
    # Searched and sorted by indexed columns only, so that it stays fast; filters are on the list of users.
    search_fields = ["user__username"]  # shows the field; what it finds is said below
    search_help_text = _("By name, username or email address.")
    ordering = ["user__sort_name", "user"]
    sortable_by = []
    readonly_fields = ["user", "has_photo", "updated"]
    fieldsets = [
        (None, {"fields": ["user", "bio", "location", "pronouns", "time_zone", "has_photo", "updated"]}),
        (_("Private"), {"fields": ["birth_date", "phone"]}),
    ]
    touched_fields = ("updated",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Profile]:
        return super().get_queryset(request).select_related("user")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ShownRows

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Profile | None:
        """Leave out what the member hides from the viewer, who cannot save it (has_change_permission)."""
        profile = super().get_object(request, object_id, from_field)
        return hide(viewer(request), profile) if profile else None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A profile comes with its user (profiles/receivers.py)."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Profile | None = None) -> bool:
        """Only the profile's owner can change it; guardian knows who that is."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or self.once(request, obj, roles.edits_profile))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Profile], search_term: str
    ) -> tuple[QuerySet[Profile], bool]:
        if not search_term:
            return queryset, False
        return queryset.filter(user__in=User.objects.search(search_term, by_email=True, as_manager=True)), False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.changed_data:
            emit("profile.changed", obj.user, obj, by=viewer(request), **dict.fromkeys(form.changed_data))

    @admin.display(description=_("name"))
    def name(self, profile: Profile) -> str:
        return profile.user.get_full_name()

    @admin.display(boolean=True, description=_("photo"))
    def has_photo(self, profile: Profile) -> bool:
        return bool(profile.photo)
