"""Search inside what is said in videos."""
