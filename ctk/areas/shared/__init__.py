"""What several areas share; areas import this, and never each other."""
