"""Planted holes, one for each kind that the attackers look for: an organisation's site map with pages too many."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config import tenant_urls

PAGE = "<!doctype html><title>Holes</title>"
FORM = '<form><input name="q" value="1"><button>Look</button></form>'


@login_not_required
def index(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(f'{PAGE}<a href="/holes/search/?q=1">Search</a> <a href="/holes/echo/?q=1">Echo</a>')


@login_not_required
def search(request: HttpRequest) -> HttpResponse:
    """SQL that is put together from what a person typed."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT username FROM profiles_user WHERE id = {request.GET.get('q', '1')}")  # noqa: S608
        found = "".join(f"<p>{name}</p>" for (name,) in cursor.fetchall())
    return HttpResponse(f"{PAGE}{FORM}{found or '<p>Nobody has this number.</p>'}")


@login_not_required
def echo(request: HttpRequest) -> HttpResponse:
    """What a person typed, as part of the page."""
    return HttpResponse(f"{PAGE}{FORM}<p>{request.GET.get('q', '')}</p>")


urlpatterns = [
    path("holes/", index),
    path("holes/search/", search),
    path("holes/echo/", echo),
    *tenant_urls.urlpatterns,
]
