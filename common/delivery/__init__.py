"""Brings subscribers their events."""
