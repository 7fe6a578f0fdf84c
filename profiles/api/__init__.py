"""The API of an organisation, and the tokens with which programs use it."""
