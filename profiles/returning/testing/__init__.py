"""What the tests of the whole product have to know of this app."""
