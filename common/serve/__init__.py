"""Runs the suite: a supervisor, and below it the local store and the web servers as child processes."""
