"""What a run finds: the ledger of assertions, and the outcome that reports read."""
