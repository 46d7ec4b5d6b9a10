"""The demo mall: products, videos, shoppers, events and judgments, made from a seed."""
