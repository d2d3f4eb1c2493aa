"""Where resources are kept: what a store promises, and the one over MongoDB's protocol."""
