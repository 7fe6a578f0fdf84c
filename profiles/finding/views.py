"""The pages on the public site by which people find their organisations."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from profiles.finding.asking import ask
from profiles.finding.forms import FindForm
from profiles.finding.remembering import address_of, clear, remembered
from tenants.limits.forms import refusal_of


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    form = FindForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if refusal := refusal_of(request, "find", account=""):
            form.add_error(None, refusal)
        else:
            ask(form.cleaned_data["email"])
            return redirect("find_sent")
    known = [address_of(slug) for slug in remembered(request)]
    return render(request, "profiles/find.html", {"form": form, "known": known})


@login_not_required
@require_safe
def find_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "profiles/find_sent.html")


@login_not_required
@require_POST
def forget_organisations(_request: HttpRequest) -> HttpResponse:
    """Empty this browser's list."""
    response = redirect("find")
    clear(response)
    return response
