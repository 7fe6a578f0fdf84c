"""Leads from a member's former address to the present one."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from profiles.models import User
from profiles.renaming.models import FormerName


class FormerNameMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """For pages of a username that no member has. The viewer has to be allowed to see the renamed member."""
        match = request.resolver_match
        name = match.kwargs.get("username", "") if match else ""
        if not isinstance(error, Http404) or not name or "\0" in name or request.method not in ("GET", "HEAD"):
            return None
        if not request.user.is_authenticated:
            return None
        former = FormerName.objects.kept(name).values("member")
        member = User.objects.visible_to(request.user).filter(pk__in=former).first()
        if member is None or match is None:
            return None
        path = reverse(match.view_name, args=match.args, kwargs={**match.kwargs, "username": member.username})
        query = QueryDict(request.META.get("QUERY_STRING", "")).urlencode()
        return redirect(f"{path}?{query}" if query else path)
