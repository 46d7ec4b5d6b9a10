"""What is made of a video: what was said is cleaned, cut into moments, heard again where it was misheard, and linked."""
