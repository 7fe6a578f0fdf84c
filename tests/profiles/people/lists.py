"""Reading the list of people as its pages show it."""

import re
from html import unescape


def listed(response) -> list[str]:
    return [member.username for member in response.context["page"].rows]


def found(client, words: str) -> list[str]:
    return listed(client.get("/people/", {"q": words}))


def follow(client, response, rel: str):
    [link] = re.findall(rf'href="([^"]+)" rel="{rel}"', response.content.decode())
    return client.get("/people/" + unescape(link))
