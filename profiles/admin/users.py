"""Members in Django's admin: searched and added here, managed on the members' pages, which have the rules."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from profiles import roles
from profiles.admin.site import RuledAdmin, site, viewer
from profiles.models import User
from profiles.models.user import UserQuerySet
from profiles.roles import Role
from profiles.seats import take_seat
from profiles.sign_in.account import Bounded
from tenants.events import emit
from tenants.once.doing import once


class NewMemberForm(Bounded, AdminUserCreationForm):
    usable_password = AdminUserCreationForm.create_usable_password_field(
        _("Without a password, they set one by email: “Forgot your password?” on the sign-in page.")
    )

    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("username", "email", "first_name", "last_name", "role")

    def clean_role(self) -> str:
        """The chosen role, or the one with the fewest rights."""
        return self.cleaned_data["role"] or Role.READER

    def clean(self) -> dict[str, Any] | None:
        """In the transaction that saves the member."""
        values = super().clean()
        take_seat()
        return values


@admin.register(User, site=site)
class UserAdmin(RuledAdmin):
    """Other members are read-only for every viewer: a changed address or password would allow signing in as them."""

    add_form_template = "admin/profiles/user/add_form.html"
    list_display = ["username", "name", "email", "role", "is_active", "last_login"]
    # Searched and sorted by indexed columns only, so that it stays fast.
    list_filter = ["role", "is_active"]
    search_fields = ["username"]  # shows the field; what it finds is said below
    search_help_text = _("By name, username or email address.")
    ordering = ["sort_name", "pk"]
    sortable_by = []
    fieldsets = [
        (None, {"fields": ["username", "email", "elsewhere"]}),
        (_("Name"), {"fields": ["first_name", "last_name"]}),
        (_("Membership"), {"fields": ["role", "is_active", "last_login", "date_joined"]}),
    ]
    readonly_fields = ["username", "email", "elsewhere", "role", "is_active", "last_login", "date_joined"]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["username", "email", "first_name", "last_name", "role"]}),
        (_("Password"), {"classes": ["wide"], "fields": ["usable_password", "password1", "password2"]}),
    ]

    @method_decorator(sensitive_post_parameters())
    @method_decorator(once)
    def add_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().add_view(*args, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.pk == request.user.pk)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[User], search_term: str
    ) -> tuple[models.QuerySet[User], bool]:
        return cast("UserQuerySet", queryset).search(search_term, by_email=True, as_manager=True), False

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        return super().get_fieldsets(request, obj) if obj else self.add_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return super().get_readonly_fields(request, obj) if obj else ()

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        if obj is None:
            kwargs["form"] = NewMemberForm
        else:
            # Django's help texts are about editing, and these fields are read-only here.
            kwargs["help_texts"] = {"username": "", "is_active": ""}
        return super().get_form(request, obj, change, **kwargs)

    def formfield_for_choice_field(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.TypedChoiceField | None:
        """Offer only the roles that this person may give, so that others are refused as invalid.

        No role makes an owner here: that requires the password again, under People. The form would wait in the
        session meanwhile, and a password must not be stored there.
        """
        if db_field.name == "role":
            granted = [choice for choice in roles.granted_roles(viewer(request)) if choice[0] != Role.OWNER]
            kwargs.update(choices=granted, required=False)
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            emit("member.added", obj, by=viewer(request), role=("", obj.role))
        elif form.changed_data:
            emit("profile.changed", obj, by=viewer(request), **dict.fromkeys(form.changed_data))

    def view_on_site(self, obj: User) -> str:
        return reverse("person", args=[obj.username])

    @admin.display(description=_("name"))
    def name(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description=_("changed elsewhere"))
    def elsewhere(self, user: User) -> SafeString:
        """Links to the pages where the rest is changed, with their rules."""
        return format_html(
            gettext(
                'You change role and status under <a href="{}?{}">People</a>. '
                "Only the member can change their email address and password, in the menu of their account."
            ),
            reverse("people"),
            urlencode({"q": user.username}),
        )
