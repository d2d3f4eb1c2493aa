"""The query language of collections: a query string becomes conditions, a page and chosen attributes."""
