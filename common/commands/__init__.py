"""The commands of `tmf` that deal with events, a module each."""
