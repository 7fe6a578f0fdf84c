"""The migrations of profiles, and as many more as BENCH_COLUMNS says, each of which adds a column."""

import os
from pathlib import Path

from profiles import migrations

_columns = Path(__file__).parent / "columns"
__path__ = [*migrations.__path__, *(str(_columns / str(n + 1)) for n in range(int(os.environ["BENCH_COLUMNS"])))]
