"""The documents' schemas, compiled once at start: what a body may be."""
