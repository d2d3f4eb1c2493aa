"""The query language of lists as tables: a small catalog, what finds what in it, and what is refused."""
