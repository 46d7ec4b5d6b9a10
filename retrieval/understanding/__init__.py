"""What the shopper meant: a query becomes a plan, every decision of which is shown and can be edited."""
