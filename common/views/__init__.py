"""One stored shape, two published ones: v4 as rows of patterns over the stored (v5) shape, and a residue."""
