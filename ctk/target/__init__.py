"""The server under test: finding it, calling it, and listening to it."""
