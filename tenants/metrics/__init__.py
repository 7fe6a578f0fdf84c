"""Figures for Prometheus at /metrics, of all processes of a web server together."""
