"""Other migrations of profiles that a later version of the code may bring, for the tests of `migrate`."""
