"""Resources that the kit has marked, so that a filter finds them and nothing else, and pages of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from ctk.exchange import Exchange, Untestable
from ctk.profile import Resource
from ctk.target.page import READ, ids, links, read
from ctk.target.target import Created, Stage

SIZE = 5


@dataclass(frozen=True)
class Marked:
    """Resources in the order of their making, and the filter that finds them; no filter where the server has none.

    The same request is made once: nothing changes between two readings.
    """

    stage: Stage
    resource: Resource
    made: tuple[Created, ...]
    filter: tuple[tuple[str, str], ...]
    _kept: dict[str, Exchange] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        """Their ids, in the order of their making."""
        return [one.id for one in self.made]

    def ask(self, query: str = "", **asked: object) -> Exchange:
        """What the server answers to the filter with some parameters; `query` is added as it stands."""
        given = [*self.filter, *((name, str(value)) for name, value in asked.items())]
        told = "&".join(part for part in (_encoded(given), query) if part)
        return self._get(told)

    def page(self, query: str = "", **asked: object) -> Exchange:
        """The same; raises Untestable where the answer is no page."""
        return read(self.ask(query, **asked))

    def follow(self, page: Exchange, rel: str) -> Exchange:
        """The page that a link of a page leads to; the path is ours, the query the link's, since a server behind
        another's address may not know its own. Raises Untestable where there is no such link or page."""
        if rel not in links(page):
            raise Untestable(f"a page has no link {rel}")
        return read(self._get(urlsplit(links(page)[rel]).query))

    def _get(self, query: str) -> Exchange:
        if query not in self._kept:
            self._kept[query] = self.stage.http("get", self.stage.path(self.resource), query=query)
        return self._kept[query]

    def anew(self) -> Marked:
        """The same without what is kept: something has changed."""
        return Marked(self.stage, self.resource, self.made, self.filter)

    def require_filter(self) -> None:
        """Raises Untestable where the server does not find the resources by their text."""
        if not self.filter:
            raise Untestable(f"a filter on {self.resource.text} does not find what was created")


def marked(stage: Stage, resource: Resource) -> Marked:
    """Five resources with one text, unlike any other; raises Untestable where they cannot be created."""
    text = stage.mark(resource)
    made = tuple(stage.create(resource, "minimal", **{resource.text: text}) for _ in range(SIZE))
    found = Marked(stage, resource, made, ((resource.text, text),))
    answer = found.ask()
    alone = answer.status in READ and sorted(ids(answer)) == sorted(found.ids)
    return found if alone else Marked(stage, resource, made, ())


def _encoded(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{quote(name, safe='@.')}={quote(value, safe=',')}" for name, value in pairs)
