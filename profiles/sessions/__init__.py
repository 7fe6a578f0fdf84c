"""The page that lists where a member is signed in."""
