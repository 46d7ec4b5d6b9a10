"""Which generations are open, with what is made once for each, and who reads their queries."""
