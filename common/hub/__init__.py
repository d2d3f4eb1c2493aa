"""The hub: who has subscribed to which events, and the events that listener paths receive (TMF630 part 4)."""
