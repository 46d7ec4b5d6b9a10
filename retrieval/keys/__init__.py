"""Keys of the service: what one is, and where they are kept."""
