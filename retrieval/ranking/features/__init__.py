"""What ranking measures of a query and a document: a file for each feature, and the registry that lists them."""
