"""The admin site: opened by role, and without pages of its own for signing in, signing out and passwords."""

from collections.abc import Callable
from functools import cached_property, update_wrapper
from typing import Any, cast

from allauth.account import views as account
from django.contrib.admin import AdminSite, ModelAdmin, ShowFacets
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
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
    """Visitors are sent to the one sign-in page, so that two-factor sign-in and rate limits hold here too."""

    index_title = _("Overview")

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and opens_admin(viewer(request))

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """As in Django, which would offer a sign-in form to those who are signed in already. They get 403."""
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_permission(request):
                raise PermissionDenied
            return guarded(request, *args, **kwargs)

        return update_wrapper(inner, guarded)

    def get_urls(self) -> list[Any]:
        """As in Django, with two changes.

        A mark on the views would make LoginRequiredMiddleware send visitors to admin:login. And `r/…` asks
        any model for a row, which fails for those in `public`; our admins know where rows are shown.
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
        """Nobody comes here without having signed in (LoginRequiredMiddleware)."""
        return redirect("admin:index")

    def logout(self, request: HttpRequest, extra_context: Extra = None) -> HttpResponse:  # type: ignore[override]
        return account.logout(request)

    def password_change(self, request: HttpRequest, extra_context: Extra = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_change_password")

    password_change_done = password_change  # type: ignore[assignment]


def viewer(request: HttpRequest) -> User:
    """Who is signed in: the site lets nobody else in."""
    return cast("User", request.user)


class FirstPages(Paginator):
    """Counts no further than anybody turns pages: to count a big organisation's members is to read them all."""

    most = 1000

    @cached_property
    def count(self) -> int:
        return cast("QuerySet[Model]", self.object_list)[: self.most].count()

    @property
    def is_cut(self) -> bool:
        """Are there more, perhaps?"""
        return self.count == self.most


class FirstRows(ChangeList):
    """Says how many were found where something was looked for: of all, nobody has counted them."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.query and not self.has_active_filters:
            self.full_result_count = self.result_count


class RuledAdmin(ModelAdmin):
    """What holds for all models: nothing is deleted here, nor changed by the dozen, past the verbs."""

    # Fields that are written with any change, such as the time of the change.
    touched_fields: tuple[str, ...] = ()
    list_per_page = 50
    show_full_result_count = False
    show_facets = ShowFacets.NEVER  # each is a count, too
    paginator = FirstPages

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return FirstRows

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def view_on_site(self, obj: Any) -> str:
        """The page itself: Django's detour by its number of a content type is closed here."""
        return obj.get_absolute_url()

    def once(self, request: HttpRequest, obj: Model, rule: Callable[[User, Any], bool]) -> bool:
        """What a rule says of an object, asked once in a request: a page of Django's admin asks a dozen times."""
        answers = vars(request).setdefault("answers_of_rules", {})
        if (rule, obj.pk) not in answers:
            answers[rule, obj.pk] = bool(rule(viewer(request), obj))
        return answers[rule, obj.pk]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The filters on the page, and no others (400): Django takes every lookup of every field from the address.

        Among those are guesses at password hashes, and many that fail in PostgreSQL, as NUL does.
        """
        return lookup in {f"{name}__exact" for name in self.get_list_filter(request)} and "\0" not in value

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Write what the form changed and nothing else: a role that changes at the same moment stays."""
        if change:
            obj.save(update_fields=[*form.changed_data, *self.touched_fields])
        else:
            obj.save()


site = OrganisationSite()
