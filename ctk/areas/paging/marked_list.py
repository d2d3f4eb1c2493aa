"""Resources that the kit has marked, so that a filter finds them and nothing else, and pages of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from ctk.exchange import Exchange, Untestable
from ctk.standard.profile import Resource
from ctk.target.page import READ, ids, links, require_page
from ctk.target.target import Instance, Target

SIZE = 5


@dataclass(frozen=True)
class MarkedList:
    """Holds resources in the order of their creation, and the filter that finds them (empty: the server has none).

    The same request is made once: nothing changes between two readings.
    """

    target: Target
    resource: Resource
    instances: tuple[Instance, ...]
    filter: tuple[tuple[str, str], ...]
    _answers: dict[str, Exchange] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        """Returns their ids, in the order of their creation."""
        return [instance.id for instance in self.instances]

    def ask(self, query: str = "", **asked: object) -> Exchange:
        """Returns what the server answers to the filter with some parameters; `query` is added as it stands."""
        given = [*self.filter, *((name, str(value)) for name, value in asked.items())]
        whole_query = "&".join(part for part in (_encoded(given), query) if part)
        return self._get(whole_query)

    def page(self, query: str = "", **asked: object) -> Exchange:
        """Returns the same. Raises Untestable where the answer is no page."""
        return require_page(self.ask(query, **asked))

    def follow(self, page: Exchange, rel: str) -> Exchange:
        """Returns the page that a link of a page leads to.

        The path is ours, the query the link's, since a server behind another's address may not know its own. Raises
        Untestable where there is no such link or page.
        """
        if rel not in links(page):
            raise Untestable(f"a page has no link {rel}")
        return require_page(self._get(urlsplit(links(page)[rel]).query))

    def _get(self, query: str) -> Exchange:
        if query not in self._answers:
            self._answers[query] = self.target.http("get", self.target.path(self.resource), query=query)
        return self._answers[query]

    def anew(self) -> MarkedList:
        """Returns the same list without remembered answers: something has changed."""
        return MarkedList(self.target, self.resource, self.instances, self.filter)

    def require_filter(self) -> None:
        """Raises Untestable where the server does not find the resources by their text."""
        if not self.filter:
            raise Untestable(f"a filter on {self.resource.text} does not find what was created")


def create_marked_list(target: Target, resource: Resource) -> MarkedList:
    """Creates five resources with one text, unlike any other. Raises Untestable where the server does not."""
    text = target.unique_text(resource)
    instances = tuple(target.create(resource, "minimal", **{resource.text: text}) for _ in range(SIZE))
    marked_list = MarkedList(target, resource, instances, ((resource.text, text),))
    answer = marked_list.ask()
    alone = answer.status in READ and sorted(ids(answer)) == sorted(marked_list.ids)
    return marked_list if alone else MarkedList(target, resource, instances, ())


def _encoded(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{quote(name, safe='@.')}={quote(value, safe=',')}" for name, value in pairs)
