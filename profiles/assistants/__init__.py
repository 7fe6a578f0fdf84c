"""Assistants: programs with a language model read data, and change it after a person has confirmed."""
