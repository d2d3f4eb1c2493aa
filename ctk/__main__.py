"""Runs the kit alone, without the servers: `python -m ctk URL`."""

from __future__ import annotations

from ctk.cli import main

if __name__ == "__main__":
    main(prog_name="python -m ctk")
