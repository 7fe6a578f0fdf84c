"""The page of a person who does not know the organisation that has written to them."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from profiles.mail import refusals


# Mail programs send the POST as well, without a cookie: the token is the proof.
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
    """Whether this mailbox gets mail, and the button that changes it. Not by a redirect, which mail programs do not
    follow.
    """
    if email is None:
        return render(request, "profiles/refusal_dead.html", status=410)
    context = {"email": email, "token": token, "is_refused": refusals.is_refused(email)}
    return render(request, "profiles/refusal.html", context)
