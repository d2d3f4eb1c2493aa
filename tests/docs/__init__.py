"""What the papers say, held against the code: `tables` writes what can be generated, the tests compare the rest."""
