"""What is said in videos: links, search inside transcripts, recognition errors."""
