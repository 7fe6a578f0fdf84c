"""The admin site: access depends on the role, and it has no own pages for sign-in, sign-out and passwords."""

from collections.abc import Callable
from functools import cached_property, update_wrapper
from typing import Any, cast

from allauth.account import views as account
from django.contrib.admin import AdminSite, ModelAdmin, ShowFacets
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from profiles.admin.rights import opens_admin
from profiles.models import User
from tenants.context import required

Extra = dict[str, Any] | None


class OrganisationSite(AdminSite):
    """Sends visitors to the product's sign-in page, so that two-factor sign-in and rate limits apply here too."""

    index_title = _("Overview")

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and opens_admin(viewer(request))

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """As in Django, but members without access get 403. Django would show them a sign-in form."""
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_permission(request):
                raise PermissionDenied
            return guarded(request, *args, **kwargs)

        return update_wrapper(inner, guarded)

    def get_urls(self) -> list[Any]:
        """As in Django, with two changes.

        Django's login_url on the views would make LoginRequiredMiddleware send visitors to admin:login. `r/…`
        loads a row of any model, which fails for models in `public`; our admins link to the pages of rows.
        """
        urls = [pattern for pattern in super().get_urls() if getattr(pattern, "name", "") != "view_on_site"]
        for pattern in urls:
            if hasattr(pattern.callback, "login_url"):
                delattr(pattern.callback, "login_url")
        return urls

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        name = gettext("%(organisation)s administration") % {"organisation": required().name}
        return super().each_context(request) | {"site_header": name, "site_title": name}

    def login(self, request: HttpRequest, extra_context: Extra = None) -> HttpResponse:
        """Never called: LoginRequiredMiddleware requires a sign-in."""
        return redirect("admin:index")

    def logout(self, request: HttpRequest, extra_context: Extra = None) -> HttpResponse:  # type: ignore[override]
        return account.logout(request)

    def password_change(self, request: HttpRequest, extra_context: Extra = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_change_password")

    password_change_done = password_change  # type: ignore[assignment]


def viewer(request: HttpRequest) -> User:
    """The signed-in member; the site refuses all other requests."""
    return cast("User", request.user)


class FirstPages(Paginator):
    """Counts up to a maximum: an exact count would read all members of a big organisation."""

    most = 1000

    @cached_property
    def count(self) -> int:
        return cast("QuerySet[Model]", self.object_list)[: self.most].count()

    @property
    def is_cut(self) -> bool:
        """Whether there may be more rows."""
        return self.count == self.most


class FirstRows(ChangeList):
    """Shows the number of results of a search. The number of all rows is not counted."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.query and not self.has_active_filters:
            self.full_result_count = self.result_count


class RuledAdmin(ModelAdmin):
    """For all models: rows are not deleted here, and not changed in bulk, since that would bypass the verbs."""

    # Fields that are saved with every change, such as the time of the change.
    touched_fields: tuple[str, ...] = ()
    list_per_page = 50
    show_full_result_count = False
    show_facets = ShowFacets.NEVER  # each one runs a count
    paginator = FirstPages
    # Django 5.2 takes a URL without a scheme for http, and warns of that.
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return FirstRows

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def view_on_site(self, obj: Any) -> str:
        """The address of the object's page, without Django's redirect by the id of a content type."""
        return obj.get_absolute_url()

    def once(self, request: HttpRequest, obj: Model, rule: Callable[[User, Any], bool]) -> bool:
        """A rule's answer for an object, computed once per request: a page of Django's admin asks a dozen times."""
        answers = vars(request).setdefault("answers_of_rules", {})
        if (rule, obj.pk) not in answers:
            answers[rule, obj.pk] = bool(rule(viewer(request), obj))
        return answers[rule, obj.pk]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow only the filters on the page (others get 400): Django accepts every lookup of every field in the URL.

        Those could guess password hashes, and many of them fail in PostgreSQL, such as a NUL character.
        """
        return lookup in {f"{name}__exact" for name in self.get_list_filter(request)} and "\0" not in value

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Save only what the form changed, so that a role that is changed at the same time is kept."""
        if change:
            obj.save(update_fields=[*form.changed_data, *self.touched_fields])
        else:
            obj.save()


site = OrganisationSite()
