"""The samples in the gallery: each component as pages write it, and the context of mails and error pages.

tests/browser/gallery.txt has the measurements under the same names.
"""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from django import forms

COMPONENTS = {
    "Type": {
        "title": "<h1>The one title of a page</h1>",
        "heading": "<h2>The heading of a part</h2>",
        "small-heading": "<h3>A smaller heading</h3>",
        "text": '<p>Text, with <a href="#">a link</a> and <strong>a name</strong>.</p>',
        "lede": '<p class="lede">What a page is about.</p>',
        "quiet": '<p class="quiet small">A note beside it.</p>',
    },
    "Buttons": {
        "primary": '<button class="button button--primary">Save</button>',
        "plain": '<button class="button">Edit</button>',
        "quiet-button": '<button class="button button--quiet">Cancel</button>',
        "danger": '<button class="button button--danger">Remove</button>',
        "danger-quiet": '<button class="button button--danger button--quiet">Remove</button>',
        "disabled": '<button class="button button--primary" disabled>Save</button>',
        "small": '<button class="button button--small">Show</button>',
        "large": '<button class="button button--primary button--large">Create your organisation</button>',
    },
    "Badges": {
        "owner": '<span class="badge badge--owner">Owner</span>',
        "admin": '<span class="badge badge--admin">Admin</span>',
        "editor": '<span class="badge">Editor</span>',
        "success": '<span class="badge badge--success">On</span>',
        "warning": '<span class="badge badge--warning">Not confirmed yet</span>',
        "error": '<span class="badge badge--error">Failed</span>',
    },
    "Messages": {
        f"alert-{tone}": f'{{% include "shared/alert.html" with tone="{tone}" title="Saved." text="What happened." %}}'
        for tone in ("success", "info", "warning", "error")
    },
    "People": {
        "avatar": '{% include "shared/avatar.html" with name="Marta Holm" src="" size="" kind="" %}',
        "avatar-small": '{% include "shared/avatar.html" with name="Noor Aziz" src="" size="small" kind="" %}',
        "avatar-large": '{% include "shared/avatar.html" with name="نور عزيز" src="" size="large" kind="" %}',
        "avatar-organisation": '{% include "shared/avatar.html" with name="Acme" src="" size="" kind="organisation" %}',
        "person": (
            '<ul class="people">{% include "shared/person.html" with name="Marta Holm" href="#" src="" '
            'note="Copenhagen" badge="Owner" tone="owner" %}</ul>'
        ),
        "person-long": (
            '<ul class="people">{% include "shared/person.html" with name="Wolfeschlegelsteinhausenbergerdorff" '
            'href="#" src="" note="A place with a name that does not end, and goes on" badge="Reader" tone="" %}</ul>'
        ),
    },
    "Surfaces": {
        "card": '<section class="card"><h2>A card</h2><p>Text in it.</p></section>',
        "panel": (
            '<section class="panel"><header class="panel__header"><h2>A panel</h2>'
            '<a class="button button--small" href="#">Edit</a></header>'
            '<div class="panel__body"><p>Text in it.</p></div></section>'
        ),
        "facts": '<dl class="facts"><div><dt>Location</dt><dd>Copenhagen</dd></div></dl>',
        "rows": (
            '<ul class="rows panel"><li>{% icon "key" %}<div class="grow"><h2>Password</h2>'
            '<p>Changed a year ago.</p></div><a class="button button--small" href="#">Change</a></li></ul>'
        ),
        "steps": '<ol class="steps"><li><h3>Choose a name</h3><p>We suggest an address.</p></li></ol>',
        "empty": (
            '{% include "shared/empty.html" with title="No one is here yet" text="Invite people." '
            'href="#" action="Invite" %}'
        ),
        "table": (
            '<div class="panel"><table class="table"><thead><tr><th scope="col">Name</th>'
            '<th scope="col">Role</th></tr></thead>'
            '<tbody><tr><td>Marta Holm</td><td data-label="Role"><span>Owner</span></td></tr></tbody></table></div>'
        ),
    },
    "Navigation": {
        "nav": (
            '<nav class="nav" aria-label="Main"><a class="nav__link" href="#" aria-current="page">Home</a>'
            '<a class="nav__link" href="#">People</a></nav>'
        ),
        "tabs": (
            '<nav class="tabs" aria-label="Tabs"><a class="nav__link" href="#" aria-current="page">Everyone</a>'
            '<a class="nav__link" href="#">Invited</a></nav>'
        ),
        "side-nav": (
            '<nav class="side-nav" aria-label="Settings"><a href="#" aria-current="page">'
            '{% icon "organisation" %}General</a><a href="#">{% icon "palette" %}Appearance</a></nav>'
        ),
        "fold": (
            '<nav aria-label="Account"><details class="fold"><summary>Account{% icon "down" %}</summary>'
            '<div class="side-nav"><p class="side-nav__heading">Profile</p><a href="#">{% icon "mail" %}Email</a>'
            '<p class="side-nav__heading">Security</p><a href="#" aria-current="page">{% icon "key" %}Password</a>'
            "</div></details></nav>"
        ),
    },
    "Forms": {
        "field": '<div class="form">{{ form.text.as_field_group }}</div>',
        "field-help": '<div class="form">{{ form.help.as_field_group }}</div>',
        "field-optional": '<div class="form">{{ form.text.as_field_group }}{{ form.help.as_field_group }}</div>',
        "field-error": '<div class="form">{{ sent.text.as_field_group }}</div>',
        "select": '<div class="form">{{ form.choice.as_field_group }}</div>',
        "textarea": '<div class="form">{{ form.long.as_field_group }}</div>',
        "checkbox": '<div class="form">{{ form.yes.as_field_group }}</div>',
        "radio": '<div class="form">{{ form.radio.as_field_group }}</div>',
        "file": '<div class="form">{{ form.file.as_field_group }}</div>',
        "affix": (
            '<div class="form">{% include "django/forms/field.html" with field=form.slug suffix=".example.com" %}</div>'
        ),
        "field-disabled": '<div class="form">{{ form.off.as_field_group }}</div>',
    },
}


class SampleForm(forms.Form):
    text = forms.CharField(label="Name", max_length=100)
    help = forms.CharField(label="Address", max_length=100, help_text="You can change it later.", required=False)
    choice = forms.ChoiceField(label="Role", choices=[("reader", "Reader")])
    long = forms.CharField(label="About you", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), required=False)
    yes = forms.BooleanField(label="Keep me signed in", required=False)
    radio = forms.ChoiceField(label="Theme", choices=[("", "Light"), ("d", "Dark")], widget=forms.RadioSelect)
    file = forms.FileField(label="Logo", required=False)
    slug = forms.CharField(label="Host", max_length=100, initial="acme")
    off = forms.CharField(label="Username", max_length=100, initial="marta", disabled=True)


def components() -> dict[str, Any]:
    """The context of the samples above."""
    return {"form": SampleForm(auto_id="new_%s"), "sent": SampleForm({}, auto_id="sent_%s")}


NOTICES = [
    SimpleNamespace(sentence=words, html=words, created=datetime(2026, 11, 27, hour, 30, tzinfo=UTC))
    for hour, words in ((7, "Noor Aziz accepted your invitation"), (8, "Ivo Brandt changed your role to Editor"))
]


def messages() -> dict[str, Any]:
    """Context for all mails and error pages."""
    organisation = SimpleNamespace(
        name="Northern Lights",
        accent="",
        domain="northern-lights.example",
        url="https://northern-lights.example/",
    )
    person = SimpleNamespace(name="Marta Holm", username="marta", email="marta@northern-lights.example")
    return {
        "organisation": organisation,
        "request": None,
        "subject": "Subject",
        "member": person,
        "user": person,
        "owner": person,
        "giver": person,
        "taker": person,
        "offer": SimpleNamespace(expires=datetime(2026, 12, 4, 9, 30, tzinfo=UTC)),
        "role": "Editor",
        "actor": person,
        "asking": person,
        "held": SimpleNamespace(
            title_before="Team", title_after="Free", until=datetime(2026, 12, 27, 9, 30, tzinfo=UTC)
        ),
        "departure": SimpleNamespace(due=datetime(2026, 12, 27, 9, 30, tzinfo=UTC)),
        "domain": SimpleNamespace(
            shown="people.northern-lights.example",
            released_at=datetime(2026, 12, 27, 9, 30, tzinfo=UTC),
            lapses=datetime(2026, 12, 27, 9, 30, tzinfo=UTC),
        ),
        "main_address": "northern-lights.example",
        "places": [
            SimpleNamespace(
                name=name, role=SimpleNamespace(label=role), url="https://a.example/", is_invitation=invited
            )
            for name, role, invited in (("Northern Lights", "Owner", False), ("Southern Cross", "Editor", True))
        ],
        "webhook": SimpleNamespace(url="https://receiver.example/hooks", name="Receiver"),
        "name": person.name,
        "username": person.username,
        "sender": person.name,
        "sender_email": person.email,
        "quote": "> See you on Thursday.",
        "invitation": SimpleNamespace(
            message="See you on Thursday.",
            get_role_display="Editor",
            expires=datetime(2026, 12, 4, 9, 30, tzinfo=UTC),
        ),
        "notices": [(notice, "https://northern-lights.example/a/link/") for notice in NOTICES],
        "is_digest": True,
        "email": person.email,
        "from_email": person.email,
        "to_email": "marta.holm@northern-lights.example",
        "deleted_email": person.email,
        "code": "123456",
        "ip": "192.0.2.7",
        "user_agent": "Firefox 140 on Linux",
        "timestamp": datetime(2026, 11, 27, 9, 30, tzinfo=UTC),
        "proof": "An extract of the company register, by post.",
        "days": 7,
        "minutes": 5,
        "megabytes": 10,
        **dict.fromkeys(
            (
                *("url", "home_url", "refusal_url", "password_reset_url", "public_url", "activate_url", "stop_url"),
                "preferences_url",
            ),
            "https://northern-lights.example/a/link/",
        ),
    }
