"""The pages of the gallery."""

from csp.decorators import csp
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist, engines
from django.template.loader import render_to_string
from django.urls import set_urlconf

from shared.gallery import samples
from shared.gallery.found import SUBJECT, errors, mails
from shared.icons import drawings
from shared.mail_page import MAIL_POLICY, mail_page


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state, and links to every mail and error page."""
    told = samples.components()
    parts = {
        part: {
            name: engines["django"].from_string("{% load ui %}" + source).render(told) for name, source in each.items()
        }
        for part, each in samples.COMPONENTS.items()
    }
    context = {"title": "Gallery", "parts": parts, "icons": sorted(drawings()), "mails": mails(), "errors": errors()}
    return render(request, "shared/gallery.html", context)


@login_not_required
def mail_text(_request: HttpRequest, name: str) -> HttpResponse:
    subject = rendered(name, SUBJECT).strip()
    return HttpResponse(f"{subject}\n\n{rendered(name, '.txt', '_message.txt')}", content_type="text/plain")


@login_not_required
@csp(MAIL_POLICY)  # type: ignore[arg-type]  # annotated for views without arguments only
def mail_html(_request: HttpRequest, name: str) -> HttpResponse:
    return mail_page(rendered(name, ".html", "_message.html"))


def rendered(name: str, *endings: str) -> str:
    """A part of a mail. Raises Http404 for an unknown mail, or if it has no such part."""
    if name not in mails():
        raise Http404
    for ending in endings:
        try:
            return render_to_string(f"{name}{ending}", samples.messages())
        except TemplateDoesNotExist as error:
            if error.tried and str(error) != f"{name}{ending}":
                raise
    raise Http404


@login_not_required
def error(request: HttpRequest, name: str) -> HttpResponse:
    if name not in errors():
        raise Http404
    told = {key: value for key, value in samples.messages().items() if key != "request"}
    set_urlconf(settings.ROOT_URLCONF)  # Error pages link to pages of organisations.
    try:
        return render(request, name, told | {"organisation": "Northern Lights"})
    finally:
        set_urlconf(settings.PUBLIC_SCHEMA_URLCONF)


def announce(base: str) -> list[tuple[str, str]]:
    """The lines that `make run` prints about the gallery."""
    return [("Gallery", f"{base}dev/")]
