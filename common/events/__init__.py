"""What a change of a resource is announced as; pure."""
