"""Commands of `tmf` that other packages bring, found by their entry points `tmf.commands`."""

from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints, entry_points

import click


class Extended(click.Group):
    """A group with its own commands and those of the entry points, which are loaded when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all of them."""
        return sorted({*super().list_commands(ctx), *_brought().names})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One of them by its name; None where there is none."""
        own = super().get_command(ctx, cmd_name)
        return own or (_loaded(_brought()[cmd_name]) if cmd_name in _brought().names else None)


def _brought() -> EntryPoints:
    return entry_points(group="tmf.commands")


def _loaded(point: EntryPoint) -> click.Command:
    """The command, or one that says which extra of the distribution it needs."""
    try:
        found: click.Command = point.load()
    except ModuleNotFoundError as missing:
        extras = ",".join(point.extras)
        wants = f"It needs {missing.name}, which an extra brings: .venv/bin/pip install -e '.[{extras}]'"

        def refuse() -> None:
            raise click.ClickException(wants)

        return click.Command(point.name, callback=refuse, help=wants)
    return found
