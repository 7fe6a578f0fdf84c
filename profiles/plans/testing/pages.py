"""Which pages of plans are looked at, and which tables are counted."""

# Statements on this table are counted by the tests of this app.
COUNTED = ("plans_heldplan",)
BROWSED = {"owner": ["/settings/plan/"]}
