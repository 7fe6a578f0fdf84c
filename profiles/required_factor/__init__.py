"""An organisation's policy: who needs a second factor, and how many days they have to set one up."""
