"""The process of one contestant: does what it is told, a line of JSON at a time, until its input ends."""

import json
import os
import sys

import django


def main() -> None:
    # What anything prints must not get between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    django.setup()
    from django.conf import settings
    from django.utils.module_loading import import_string

    contestant = import_string(settings.BENCH_CONTESTANT)()  # type: ignore[misc]  # of tests/bench/settings
    for line in sys.stdin:
        order = json.loads(line)
        answer = getattr(contestant, order.pop("do"))(**order)
        answers.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
