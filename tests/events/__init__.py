"""Tests of common/events."""
