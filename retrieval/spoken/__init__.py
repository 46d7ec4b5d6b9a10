"""What a generation keeps of speech, and the one gate in front of it."""
