"""What the main operations cost beside a floor measured in the same run: `make bench`."""
