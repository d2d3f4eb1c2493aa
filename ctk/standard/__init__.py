"""What the standard asks: profiles and bodies, derived from the documents in `specs/`."""
