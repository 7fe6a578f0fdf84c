"""Variables that are lists, as people write them."""

from config.variables import Variables


def test_spaces_and_commas_too_many_are_no_part_of_an_item(monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", " acme.example, .acme.example,, ")
    monkeypatch.setenv("PORTS", "443, 8443")
    env = Variables()
    assert env.list("ALLOWED_HOSTS") == ["acme.example", ".acme.example"]
    assert env.list("PORTS", subcast=int) == [443, 8443]
    assert env.list("NOT_SET", ["*"]) == ["*"]
