"""A site with a page of server-sent events: the number of members."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import include, path

from profiles.models import User
from tenants.context import required
from tenants.serving.live import live


@login_not_required
def members(request: HttpRequest) -> HttpResponseBase:
    return live(request, lambda: [required().slug, User.objects.count()], seconds=0.02)


urlpatterns = [path("live/", members), path("", include("config.tenant_urls"))]
