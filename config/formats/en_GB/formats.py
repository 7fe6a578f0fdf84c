"""British English: 24 hours, as in timetables."""

DATETIME_FORMAT = "j F Y, H:i"
TIME_FORMAT = "H:i"
