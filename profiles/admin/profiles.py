"""Profiles in Django's admin: everybody's to read, one's own to change."""

from django.contrib import admin
from django.http import HttpRequest

from profiles import roles
from profiles.admin.site import RuledAdmin, site, viewer
from profiles.models import Profile


@admin.register(Profile, site=site)
class ProfileAdmin(RuledAdmin):
    list_display = ["user", "name", "location", "pronouns", "time_zone", "has_photo", "updated"]
    list_filter = [("photo", admin.EmptyFieldListFilter), "updated", "user__role"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__first_name", "user__last_name", "location", "bio"]
    ordering = ["user__username"]
    readonly_fields = ["user", "has_photo", "updated"]
    fieldsets = [
        (None, {"fields": ["user", "bio", "location", "pronouns", "time_zone", "has_photo", "updated"]}),
        ("Private", {"fields": ["birth_date", "phone"]}),
    ]
    touched_fields = ("updated",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A profile comes with its user (profiles/receivers.py)."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Profile | None = None) -> bool:
        """Of the profile's owner alone, and guardian says who that is."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or roles.edits_profile(viewer(request), obj))

    def view_on_site(self, obj: Profile) -> str:
        return obj.get_absolute_url()

    @admin.display(ordering="user__first_name")
    def name(self, profile: Profile) -> str:
        return profile.user.get_full_name()

    @admin.display(boolean=True, description="photo", ordering="photo")
    def has_photo(self, profile: Profile) -> bool:
        return bool(profile.photo)
