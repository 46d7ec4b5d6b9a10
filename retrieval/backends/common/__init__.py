"""What both backends read into documents and filters."""
