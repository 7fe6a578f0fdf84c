"""Groups of members: with a name, a page, and permissions on objects if an app grants them."""
