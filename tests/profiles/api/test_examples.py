"""The examples of docs/api.md do what the text below them says."""

import io
import json
import re
import shlex
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.request import HTTPHandler, Request, build_opener
from urllib.response import addinfourl

import pytest

DOCS = (Path(__file__).parents[3] / "docs" / "api.md").read_text()
CURLS = re.findall(r"^\$ (curl .+)\n(\d+)$", DOCS, re.MULTILINE)
PYTHON = next(block for block in re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL) if "urlopen" in block)


def parts_of(line: str) -> tuple[str, str, dict[str, str], str]:
    """Method, path, headers and body of a command line of curl."""
    method, path, headers, body = "GET", "", {}, ""
    words = iter(shlex.split(line)[1:])
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words)
        else:
            path = word.partition("example.com")[2]
    return method, path, headers, body


@pytest.mark.parametrize(("line", "status"), CURLS, ids=lambda value: str(value)[:60])
def test_curl(program, admin, line, status):
    method, path, headers, body = parts_of(line)
    used = program(admin)
    headers["Authorization"] = headers["Authorization"].replace("$TOKEN", used.text)
    answer = used.generic(method, path, body, content_type=headers.pop("Content-Type", ""), headers=headers)
    assert str(answer.status_code) == status


class Wire(HTTPHandler):
    """What urllib sends reaches the test's program."""

    def __init__(self, program) -> None:
        super().__init__()
        self.program = program

    def http_open(self, request: Request) -> Any:
        answer = self.program.get(request.selector, headers=dict(request.header_items()))
        found: Any = addinfourl(io.BytesIO(answer.content), Message(), request.full_url, answer.status_code)
        found.msg = answer.reason_phrase
        return found


def test_python(program, admin, acme):
    used = program(admin)
    names: dict[str, Any] = {}
    exec(PYTHON, names)  # noqa: S102  our own documentation
    names["urlopen"] = build_opener(Wire(used)).open
    found = list(names["members"](acme.url(""), used.text))
    assert {each["name"] for each in found} >= {"Rita Reader", "Gregor Gone"}
    assert json.dumps(found)
