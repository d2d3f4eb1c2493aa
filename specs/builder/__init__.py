"""Builds the documents in specs/ from specs/source: facts, operation profiles, our own prose, examples."""
