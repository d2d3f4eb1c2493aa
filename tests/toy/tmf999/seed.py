"""The gadgets of the story: each scene's first customer keeps one."""

from __future__ import annotations

from common.document import Document
from common.seed.chance import draw
from common.seed.days import DAY, at
from common.seed.directory import id_of, minute_of, player
from common.seed.share import Kind, PlotShare


def _name(gadget: int) -> str:
    return f"Lamp {gadget + 1}"


def _gadget(gadget: int) -> Document:
    customer = 4 * gadget
    return {
        "id": id_of("gadget", gadget),
        "@type": "Gadget",
        "name": _name(gadget),
        "description": f"Kept since the day on which {player('holder', customer)['name']} joined",
        "mood": ("calm", "wild")[gadget % 2],
        "weight": 200 + draw("weight", gadget, 900),
        "lastUpdate": at(minute_of("customer", customer) + DAY),
        "keeper": player("holder", customer),
    }


seed = PlotShare(
    kinds={"gadget": Kind("gadget-%06d", _gadget, _name)}, scene=(("gadget", 1),), after=("customer", "individual")
)
"""A gadget in every scene."""
