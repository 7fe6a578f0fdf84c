"""What is measured: each module has `measure(arena)`, which returns its rows."""
