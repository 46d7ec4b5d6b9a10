"""What a rebuild learns for understanding, spelling and ranking; it goes with the generation as attachments."""
