"""The pages of the development mailbox."""

from csp.decorators import csp
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin

from shared.mail_page import MAIL_POLICY, mail_page
from shared.mailbox.backend import KeptMessage, names, read

PER_PAGE = 30


@login_not_required
def mailbox(request: HttpRequest) -> HttpResponse:
    page = Paginator(names(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "kept": [read(name) for name in page]}
    return render(request, "shared/mailbox.html", context)


@login_not_required
def message(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "shared/mailbox_message.html", {"kept": read_or_404(name)})


@login_not_required
@csp(MAIL_POLICY)  # type: ignore[arg-type]  # annotated for views without arguments only
@xframe_options_sameorigin
def message_html(_request: HttpRequest, name: str) -> HttpResponse:
    kept = read_or_404(name)
    if not kept.html:
        raise Http404
    return mail_page(kept.html)


def read_or_404(name: str) -> KeptMessage:
    try:
        return read(name)
    except FileNotFoundError:
        raise Http404 from None
