"""British English: the day before the month, and 24 hours, as in timetables."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i"
SHORT_DATETIME_FORMAT = "d/m/Y, H:i"
MONTH_DAY_FORMAT = "j F"
TIME_FORMAT = "H:i"
