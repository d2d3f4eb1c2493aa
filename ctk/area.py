"""Areas: parts of what is asked, each a module of `ctk.areas` with stories and a file of rules of the same name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ctk.profile import Resource
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge

Story = Callable[[Stage, Resource, Judge], None]
ApiStory = Callable[[Stage, Judge], None]


@dataclass(frozen=True)
class Area:
    """An area: its name (of its rules, too), a line that says what it is about, its stories in their order.

    A story stops where it raises Untestable; the next one goes on. `odd` areas send what is wrong on purpose: what a
    server makes of that is judged by them, and not by other areas.
    """

    name: str
    about: str
    stories: tuple[Story, ...] = ()
    api_stories: tuple[ApiStory, ...] = ()
    odd: bool = False
