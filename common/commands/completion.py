"""`tmf completion`: the script by which a shell completes `tmf`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from common.errors import StartRefused

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that makes SHELL complete commands, flags and their values.

    \b
    bash:  eval "$(tmf completion bash)"       in ~/.bashrc
    zsh:   eval "$(tmf completion zsh)"        in ~/.zshrc, after compinit
    fish:  tmf completion fish > ~/.config/fish/completions/tmf.fish
    """
    click.echo(script(context.find_root().command, shell))


def script(command: click.Command, shell: str) -> str:
    """Returns the text that `shell`, one of `SHELLS`, has to read to complete `command` under the name `tmf`.

    Raises StartRefused for a shell that click does not know.
    """
    completer = get_completion_class(shell)
    if completer is None:
        raise StartRefused(f"There is no completion for {shell}.")
    return completer(command, {}, "tmf", "_TMF_COMPLETE").source()
