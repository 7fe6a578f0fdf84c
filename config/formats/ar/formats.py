"""Arabic: what Django's own formats leave out, and would then write as in the United States."""

DATETIME_FORMAT = "j F Y، g:i A"
SHORT_DATETIME_FORMAT = "d/m/Y، g:i A"
