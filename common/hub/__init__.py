"""Notifications: what a change tells, who has asked for it, and how it gets there (TMF630 part 4)."""
