"""Tests of common/delivery."""
