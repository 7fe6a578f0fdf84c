"""Tests of the whole code base."""
