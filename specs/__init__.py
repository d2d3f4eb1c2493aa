"""The OpenAPI documents of the suite, and what they are built from."""
