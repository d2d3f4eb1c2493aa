"""Tests of common/work and of the process that does the work."""
