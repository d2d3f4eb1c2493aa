"""The words that names are made of. All of them are invented for this story or in everyone's use."""

from __future__ import annotations


def _words(text: str, between: str = " ") -> tuple[str, ...]:
    return tuple(text.split(between))


GIVEN = _words(
    "Abena Adair Alma Amrit Anouk Aron Beatrix Bela Benno Carys Cato Celia Dario Delia Dina Eamon Edda Elio Emre Esra "
    "Fenna Fio Flora Gaspar Gerda Gwen Hana Hugo Ida Ilias Imre Ines Ivo Jaro Joss Juno Kaia Kenji Lale Leif Lina "
    "Lorcan Mabel Malik Marit Mina Nadim Nela Nils Noor Odile Oskar Pavel Petra Quinn Rania Remy Rosa Rune Sami "
    "Selma Signe Tarek Thea Tomas Uma Una Vera Vito Wanda Wim Xenia Yara Yuri Zara Zeno"
)

FAMILY = _words(
    "Abramo Aldersey Ambrel Arkwell Bastion Bellamond Birkholt Brannick Calder Carrowmore Corvane Dalgaard Danforth "
    "Delacourte Drummel Eastlake Eklund Elverdam Fairwold Fennick Ferrandi Galloway Garrick Glenholm Hadley Harrowgate "
    "Hollins Iversund Jernigan Kalloway Kestering Kirwan Lachapel Langmere Larkspur Lindqvist Maddern Marchetta "
    "Mossgrave Nakatori Northcote Okonde Orrinson Oskarsen Paxley Pemberly Quillon Ravensby Renwick Rosendal Sandoval "
    "Santerre Selwyn Stavros Sundell Tamblyn Tarrant Thornfield Uddin Valcourt Vasquine Wakeling Westerby Wrenfield "
    "Yardane Zellweg"
)

TRADE_FIRST = _words(
    "Amber Anchor Beacon Birch Bright Canal Cedar Cobalt Copper Crown Delta Elm Ferry Granite Harbour Hazel Heron Iron "
    "Juniper Lantern Larch Maple Marble Meadow North Opal Orchard Pine Quarry River Rowan Saffron Silver Stone Summit "
    "Tern Tidal Upland Valley Willow"
)

TRADE_SECOND = _words(
    "Bakery Books Builders Cafe Clinic Design Dental Electric Farms Films Foods Freight Gardens Glass Hotels "
    "Instruments Joinery Kitchens Labs Legal Logistics Marine Mills Motors Optics Packaging Pharmacy Plumbing "
    "Press Schools Security Software Solar Sports Studios Systems Textiles Tools Travel Works"
)

TRADE_FORM = (("Ltd", "limited company"), ("plc", "public company"), ("Co-op", "cooperative"), ("& Co", "partnership"))

CITIES = (
    ("Aldmere", "AL", "Northshire"),
    ("Brackwater", "BW", "Northshire"),
    ("Carrick Vale", "CV", "Eastmark"),
    ("Dunholt", "DH", "Eastmark"),
    ("Eskerton", "EK", "Eastmark"),
    ("Fallowbridge", "FB", "Southlands"),
    ("Grenmouth", "GM", "Southlands"),
    ("Harlow Quay", "HQ", "Southlands"),
    ("Inverlay", "IV", "Westering"),
    ("Kelderby", "KD", "Westering"),
)

STREETS = _words(
    "Acre Lane|Bellfounder Street|Canal Walk|Drovers Road|Eel Market|Foundry Row|Gatehouse Hill|Hopfield Lane|"
    "Ivy Terrace|Kiln Street|Lantern Yard|Mill Race|Needlemaker Court|Old Tannery Road|Quayside|Ropewalk|Saltern Way|"
    "Thatchers Green|Upper Weir|Weavers Row",
    "|",
)

OPERATOR = "Larkfield Telecom"
COUNTRY = "Norland"
CURRENCY = "EUR"
