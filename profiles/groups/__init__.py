"""Groups of members: named, with a page each, and with permissions on objects where an app gives them some."""
