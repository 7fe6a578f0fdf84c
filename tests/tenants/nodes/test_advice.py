"""Which organisations are worth placing: few and big ones."""

from tenants.nodes.advice import BIG_BYTES, Figures, advice, figures

GB = 1 << 30


def names(*found: Figures) -> list[str]:
    return [each.slug for each in advice(list(found))]


def test_a_big_one_with_a_large_share_of_the_bytes_or_of_the_work():
    assert names(Figures("t_a", "acme", 2 * GB, 10), Figures("t_b", "globex", 1, 1_000)) == ["acme"]
    busy = Figures("t_a", "acme", 2 * GB, 500)
    assert names(busy, *(Figures("t_b", "globex", 5 * GB, 100) for _ in range(10))) == ["acme"]


def test_neither_a_small_one_nor_one_of_many():
    assert names(Figures("t_a", "acme", BIG_BYTES - 1, 1_000)) == []
    assert names(*(Figures("t_a", "acme", 2 * GB, 10) for _ in range(11))) == []
    assert names() == []


def test_it_says_which_share():
    found = advice([Figures("t_a", "acme", 3 * GB, 1), Figures("t_b", "globex", GB, 3)])
    assert found[0] == ("acme", "75% of the bytes and 25% of the work here")


def test_the_figures_are_of_organisations(acme, globex):
    assert {each.slug for each in figures()} == {"acme", "globex"}
    assert all(each.bytes > 500_000 for each in figures())
