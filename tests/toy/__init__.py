"""What an eighth API needs, and a copy of the project to try it in."""
