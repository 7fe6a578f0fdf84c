"""An organisation's data as a file: written, read into another installation, compared; and a member's own data."""
