"""Inviting many people at once: from pasted addresses or a file."""
