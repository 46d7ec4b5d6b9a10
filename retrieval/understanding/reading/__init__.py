"""What a query names: entities, categories, weights, language, intent."""
