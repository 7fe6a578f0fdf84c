"""Assistants: programs with a language model read here, and do what a person has confirmed."""
