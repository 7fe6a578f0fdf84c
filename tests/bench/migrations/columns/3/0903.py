from tests.bench.columns import adding_column

Migration = adding_column(3)
