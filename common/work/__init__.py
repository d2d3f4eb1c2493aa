"""The work that background processes share: who does what, and the works themselves."""
