"""The list of tests that a cluster cannot run (tests/nodes/not_here.txt) names tests that there are."""

from pathlib import Path

from tests.nodes.not_here import NOT_HERE

ROOT = Path(__file__).parents[3]


def test_it_names_tests_with_reasons():
    assert all(reason.strip() for reason in NOT_HERE.values())
    split = [name.partition("::") for name in NOT_HERE]
    assert [
        f"{file}::{test}" for file, _separator, test in split if f"def {test}" not in (ROOT / file).read_text()
    ] == []
