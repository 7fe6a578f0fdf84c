"""What is done while something is killed, and what has to be true of it afterwards."""
