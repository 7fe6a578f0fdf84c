"""Citus, really run: a coordinator and two workers on this machine, from the engine in CITUS_HOME (`make test-nodes`)."""
