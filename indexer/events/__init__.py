"""What shoppers did, on its way in: one reader for the API and for files, and files into the store."""
