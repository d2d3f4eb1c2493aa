"""`make docs-tables`: writes the generated parts of the papers, each between two comments of its page.

`<!-- NAME -->` begins a part and `<!-- end of NAME -->` ends it. `tests/docs/test_tables.py` fails if a part is stale.
"""

from __future__ import annotations

import configparser
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from common import settings
from common.cli import tmf

ROOT = Path(__file__).resolve().parents[2]
WIDTH = 140
"""The longest line of a paper, in characters."""


@dataclass(frozen=True, slots=True)
class Part:
    """One generated part: the page it stands in, its name there, and what makes its text."""

    page: Path
    name: str
    make: Callable[[], str]

    @property
    def _place(self) -> re.Pattern[str]:
        return re.compile(rf"(<!-- {self.name} -->\n).*?(<!-- end of {self.name} -->)", re.DOTALL)

    def text(self) -> str:
        """Returns the text of the part as it stands in the page; raises ValueError where the page lacks its place."""
        match = self._place.search(self.page.read_text())
        if match is None:
            raise ValueError(f"{self.page.name} has no part {self.name}.")
        return match[0].removeprefix(match[1]).removesuffix(match[2])

    def write(self) -> None:
        """Puts the generated text in its place; raises ValueError if the page lacks it."""
        self.text()
        new_text = self.make()
        self.page.write_text(self._place.sub(lambda match: match[1] + new_text + match[2], self.page.read_text()))


def settings_table() -> str:
    """Returns every setting as a row of a Markdown table: variable, flag of `tmf serve`, default, meaning."""
    return _lines(
        "| variable | flag | default | meaning |",
        "|---|---|---|---|",
        *(
            _row(
                " or ".join(f"`{variable}`" for variable in row.variables),
                f"`{row.flag_name}`" if row.flag else "",
                f"`{row.default}`" if row.default else "none",
                row.meaning,
            )
            for row in settings.TABLE
        ),
    )


def commands_pages(command: click.Command = tmf) -> str:
    """Returns every command below `tmf`: how it is called, what it does, its options."""
    return "\n".join(_command_lines(command, click.Context(command, info_name="tmf"))) + "\n"


def layers(layer_name: str = "importlinter:contract:layers") -> str:
    """Returns the layers of a contract in setup.cfg, top to bottom, as one sentence of names."""
    contract = configparser.ConfigParser()
    contract.read(ROOT / "setup.cfg")
    rows = contract[layer_name]["layers"].split("\n")
    names = " > ".join(row.strip().replace(" | ", ", ") for row in rows if row.strip())
    return "\n".join(textwrap.wrap(names, WIDTH, break_on_hyphens=False)) + "\n"


def _command_lines(command: click.Command, context: click.Context) -> Iterator[str]:
    """One command under a heading of its own, then its subcommands."""
    if context.parent is not None:
        yield f"## {context.command_path}\n" if context.parent.parent is None else f"### {context.command_path}\n"
        yield f"    {context.command_path} {' '.join(command.collect_usage_pieces(context))}\n"
        yield from (paragraph + "\n" for paragraph in _paragraphs(command.help or ""))
        yield from _options(command, context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None:
                yield from _command_lines(child, click.Context(child, info_name=name, parent=context))


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    """The options as a table; nothing where there is none but --help."""
    records = [
        parameter.get_help_record(context)
        for parameter in command.get_params(context)
        if isinstance(parameter, click.Option) and "--help" not in parameter.opts
    ]
    rows = [_row(f"`{record[0]}`", record[1]) for record in records if record]
    if rows:
        yield "| option | meaning |\n|---|---|"
        yield _lines(*rows)


def _paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a help text. One that click is to keep as it stands (it begins with a backspace) is a block of
    code."""
    for paragraph in text.split("\n\n"):
        first, *others = paragraph.splitlines()
        if first == "\b":
            yield "\n".join("    " + line for line in others)
        else:
            yield "\n".join(textwrap.wrap(" ".join(paragraph.split()), WIDTH, break_on_hyphens=False))


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _lines(*lines: str) -> str:
    return "\n".join(lines) + "\n"


PARTS = (
    Part(ROOT / "docs" / "settings.md", "settings", settings_table),
    Part(ROOT / "docs" / "commands.md", "commands", commands_pages),
    Part(ROOT / "ARCHITECTURE.md", "layers", layers),
    Part(ROOT / "ARCHITECTURE.md", "kit layers", lambda: layers("importlinter:contract:kit")),
)


def main() -> None:
    """Writes every part."""
    for part in PARTS:
        part.write()


if __name__ == "__main__":
    main()
