"""Tomorrow's, of which two have been squashed since."""
