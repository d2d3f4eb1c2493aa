"""The conformance kits; their issue follows (README, what it does not do yet)."""
