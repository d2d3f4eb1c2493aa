"""The story that `tmf seed` tells: one believable operator, in any size, made up as it is read."""
