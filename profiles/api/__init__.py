"""The API of an organisation, and the tokens that programs use it with."""
