"""What the APIs share: the engine that serves a document."""
