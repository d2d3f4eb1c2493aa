"""What the seven APIs share: the engine that serves a document."""
