"""What is made of a video: speech is cleaned, cut into moments, heard again where it was misheard, and linked."""
