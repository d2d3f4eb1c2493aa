"""The suite as it is shipped and deployed."""
