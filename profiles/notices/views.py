"""Pages of notices: the list, opening one, the bell of open pages, and preferences."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from profiles.notices import bell as bells
from profiles.notices import unsubscribing
from profiles.notices.forms import PreferencesForm
from profiles.notices.models import Notice
from profiles.notices.sentences import target
from profiles.notices.ways import stop_mail
from profiles.requests import MemberRequest
from shared.capabilities.registry import notice_kinds
from shared.keyset import keyset_page

PAGE = 50


@require_safe
def notices(request: MemberRequest) -> HttpResponse:
    own = Notice.objects.of(request.user)
    is_unread = request.GET.get("show") == "unread"
    page = keyset_page(own.unread() if is_unread else own, request.GET, PAGE)
    return render(request, "profiles/notices.html", {"page": page, "is_unread": is_unread})


@require_safe
def open_notice(request: MemberRequest, pk: int) -> HttpResponse:
    """Redirect to the page of a notice. Mails have this link too."""
    notice = get_object_or_404(Notice, pk=pk, to=request.user)
    Notice.objects.filter(pk=pk).mark_read()
    if path := target(notice):
        return HttpResponseRedirect(path)
    messages.info(request, _("What this notification is about is no longer there."))
    return redirect("notices")


@require_POST
def read(request: MemberRequest, pk: int) -> HttpResponse:
    notice = get_object_or_404(Notice, pk=pk, to=request.user)
    Notice.objects.filter(pk=notice.pk).mark_read()
    return back(request)


@require_POST
def unread(request: MemberRequest, pk: int) -> HttpResponse:
    notice = get_object_or_404(Notice, pk=pk, to=request.user)
    Notice.objects.filter(pk=notice.pk).update(read=None)
    return back(request)


@require_POST
def read_all(request: MemberRequest) -> HttpResponse:
    """Mark all as read up to the newest one on the page. Later ones have not been seen."""
    until = request.POST.get("until", "")
    if until.isdecimal() and len(until) < 19:
        Notice.objects.filter(to=request.user, pk__lte=int(until)).mark_read()
    return back(request)


def back(request: MemberRequest) -> HttpResponse:
    """Redirect to the part of the list with the button."""
    query = request.GET.urlencode()
    return HttpResponseRedirect(f"{reverse('notices')}?{query}" if query else reverse("notices"))


@never_cache
@login_not_required
@require_safe
def bell(_request: HttpRequest, token: str) -> HttpResponse:
    """Called by visible open pages, without cookies (static/profiles/js/notices.js)."""
    facts = bells.answer(token)
    return JsonResponse(facts) if facts else HttpResponse(status=410)


# Mail programs send the POST too, without a cookie: the token authorises it.
# https://www.rfc-editor.org/rfc/rfc8058#section-3.2
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Does not redirect after a POST, since mail programs do not follow redirects."""
    subscription = unsubscribing.of_token(token)
    if subscription is None:
        return render(request, "profiles/stop_notices_dead.html", status=410)
    if is_sent := request.method == "POST":
        stop_mail(subscription.member, subscription.kinds)
    context = {"subscription": subscription, "labels": labels_of(subscription.kinds), "is_stopped": is_sent}
    return render(request, "profiles/stop_notices.html", context)


def labels_of(kinds: list[str]) -> list[str]:
    """The labels of the kinds that a link stops; none for all daily mail."""
    return [str(notice_kinds()[kind].label) for kind in kinds if kind in notice_kinds()]


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: MemberRequest) -> HttpResponse:
    form = PreferencesForm(request.POST if request.method == "POST" else None, member=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Your notifications were saved."))
        return redirect("notice_preferences")
    return render(request, "profiles/notice_preferences.html", {"form": form})
