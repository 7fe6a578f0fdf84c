"""The page on which the owner of a mailbox refuses or accepts mail from the organisation."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from profiles.mail import refusals


# Mail programs also send the POST, without a cookie: the token authorises it.
# https://www.rfc-editor.org/rfc/rfc8058#section-3.2
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, token: str) -> HttpResponse:
    email = refusals.mailbox_of(token)
    if email and request.method == "POST":
        refusals.refuse(email)
    return page(request, email, token)


@csrf_exempt
@login_not_required
@require_POST
def allow(request: HttpRequest, token: str) -> HttpResponse:
    email = refusals.mailbox_of(token)
    if email:
        refusals.allow(email)
    return page(request, email, token)


def page(request: HttpRequest, email: str | None, token: str) -> HttpResponse:
    """Shows whether this mailbox gets mail, with a button to change it. It does not redirect after a POST, since mail
    programs do not follow redirects.
    """
    if email is None:
        return render(request, "profiles/refusal_dead.html", status=410)
    context = {"email": email, "token": token, "is_refused": refusals.is_refused(email)}
    return render(request, "profiles/refusal.html", context)
