"""Settings: a table in groups, read once, refused with a sentence that names variable, value and rule."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from common import cli
from common.errors import StartRefused
from common.settings import TABLE, Settings, codes, read, to_environ, without_credentials
from common.settings.delivery import DeliverySettings
from common.settings.query import QuerySettings
from common.settings.store import StoreSettings
from common.settings.table import GENERAL, GROUPS
from common.settings.web import WebSettings
from common.settings.work import WorkSettings

DEFAULTS = read({}, {})


def values(settings: Settings) -> dict[str, object]:
    """Every setting's value by its row's name."""
    parts = [(settings, GENERAL), *((getattr(settings, name), rows) for name, (_, rows) in GROUPS.items())]
    return {row.name: getattr(part, row.field_name) for part, rows in parts for row in rows}


def test_every_setting_has_one_row_and_every_row_is_a_setting() -> None:
    assert [field.name for field in fields(Settings)] == [*(row.field_name for row in GENERAL), *GROUPS]
    for kind, rows in GROUPS.values():
        assert [row.field_name for row in rows] == [field.name for field in fields(kind)]
    assert len(TABLE) == len({row.name for row in TABLE})


def test_every_row_tells_its_meaning_in_a_sentence() -> None:
    assert [row.name for row in TABLE if not (row.meaning[0].isupper() and row.meaning.endswith("."))] == []


def test_no_two_rows_share_a_variable() -> None:
    variables = [variable for row in TABLE for variable in row.variables]
    assert len(variables) == len(set(variables))


def test_without_environment_and_flags_the_defaults_count() -> None:
    assert DEFAULTS.apis == codes() != ()
    assert (DEFAULTS.web.host, DEFAULTS.web.port, DEFAULTS.store.mongodb_uri) == ("127.0.0.1", 8080, None)
    assert DEFAULTS.store.data_dir == Path.cwd() / "tmf-data"
    assert 2 <= DEFAULTS.web.workers <= 4


@pytest.mark.parametrize(
    ("environ", "flags", "port"),
    [
        ({"PORT": "8081"}, {}, 8081),
        ({"PORT": "8081", "TMF_PORT": "8082"}, {}, 8082),
        ({"PORT": "8081", "TMF_PORT": ""}, {}, 8081),
        ({"PORT": "8081", "TMF_PORT": "8082"}, {"port": "8083"}, 8083),
        ({"PORT": "8081"}, {"port": None}, 8081),
    ],
)
def test_a_flag_wins_over_the_environment_and_tmf_port_over_port(
    environ: dict[str, str], flags: dict[str, str | None], port: int
) -> None:
    assert read(environ, flags).web.port == port


CHANGED = replace(
    DEFAULTS,
    apis=codes()[:2],
    log_level="error",
    web=WebSettings(
        host="::1",
        port=1,
        workers=3,
        public_url="https://x.example/y",
        trust_proxy=True,
        body_limit=2000,
        body_depth=9,
        schema_dir=Path("/"),
        schema_hosts=("a.example", "b.example:8443"),
        graceful_seconds=5,
    ),
    store=StoreSettings(
        server="secantusd-py",
        data_dir=Path("/a/b"),
        mongodb_uri="mongodb://u:p%40@h/db?w=1",
        database="other",
        seconds=2,
    ),
    query=QuerySettings(
        page_default=7,
        page_limit=8,
        skip_limit=90,
        count_limit=91,
        seconds=9,
        condition_limit=92,
        filter_length=93,
        filter_depth=6,
        regex_length=94,
        strict_fields=True,
    ),
    delivery=DeliverySettings(
        callback_allow=("127.0.0.0/8", "listener.internal"),
        seconds=2.5,
        first_pause=0.5,
        longest_pause=60.0,
        days=1.0,
        parallel=2,
        connections=16,
        listeners=("package.module:function",),
        kafka="broker:9092",
    ),
    work=WorkSettings(
        dispatchers=2,
        event_days=30.0,
    ),
)


@pytest.mark.parametrize("settings", [DEFAULTS, CHANGED], ids=["defaults", "changed"])
def test_a_worker_reads_the_same_settings_from_the_environment_it_is_handed(settings: Settings) -> None:
    assert read(to_environ(settings), {}) == settings


def test_the_changed_settings_differ_from_the_defaults_in_every_one() -> None:
    changed, defaults = values(CHANGED), values(DEFAULTS)
    assert [name for name in changed if changed[name] == defaults[name]] == []


BAD = {
    "TMF_CALLBACK_ALLOW": ["http://a", "10.0.0.0/99", "a b"],
    "TMF_DELIVERY_SECONDS": ["0", "301", "soon"],
    "TMF_DELIVERY_FIRST_PAUSE": ["0", "3601", "x"],
    "TMF_DELIVERY_LONGEST_PAUSE": ["0", "86401", "x"],
    "TMF_DELIVERY_DAYS": ["0", "366", "x"],
    "TMF_DELIVERY_PARALLEL": ["0", "257", "x"],
    "TMF_DELIVERY_CONNECTIONS": ["0", "10001", "x"],
    "TMF_EVENT_DAYS": ["0", "3651", "x"],
    "TMF_DISPATCHERS": ["-1", "17", "x"],
    "TMF_LISTENERS": ["module", "module:", "a b:c", "m:f()"],
    "TMF_KAFKA": ["broker 9092", "kafka://broker"],
    "TMF_APIS": ["TMF000", "TMF620;TMF621", ","],
    "TMF_HOST": ["127.0.0.1:80", "a b", "http://x", "[::1]"],
    "TMF_PORT": ["x", "-1", "65536", "80.5"],
    "PORT": ["99999"],
    "TMF_WORKERS": ["0", "65", "many", "-1", "1.5"],
    "TMF_STORE": ["mongo", "AUTO"],
    "MONGODB_URI": ["localhost", "http://h", "mongodb://", "mongodb://u:p@ss@h"],
    "TMF_DATABASE": ["a.b", "a b", "$x", "x" * 39],
    "TMF_STORE_SECONDS": ["0", "x"],
    "TMF_PUBLIC_URL": ["x.example", "ftp://x", "http://", "http://x/", "http://x?y", "http://u@x", "http://x:99999"],
    "TMF_TRUST_PROXY": ["maybe", "2"],
    "TMF_BODY_LIMIT": ["5MB", "0"],
    "TMF_BODY_DEPTH": ["3", "201"],
    "TMF_PAGE_DEFAULT": ["0", "1001"],
    "TMF_PAGE_LIMIT": ["0", "99"],
    "TMF_SKIP_LIMIT": ["-1", "1000000001"],
    "TMF_COUNT_LIMIT": ["0", "1000000001"],
    "TMF_QUERY_SECONDS": ["0", "26"],
    "TMF_CONDITION_LIMIT": ["0", "1001"],
    "TMF_FILTER_LENGTH": ["9", "100001"],
    "TMF_FILTER_DEPTH": ["0", "51"],
    "TMF_REGEX_LENGTH": ["0", "1001"],
    "TMF_STRICT_FIELDS": ["strict"],
    "TMF_SCHEMA_DIR": ["/no/such/place", __file__],
    "TMF_SCHEMA_HOSTS": ["http://x", "x/y", "a b", "*"],
    "TMF_GRACEFUL_SECONDS": ["-1", "3601"],
    "TMF_LOG_LEVEL": ["loud"],
}


@pytest.mark.parametrize(("variable", "text"), [(name, text) for name, texts in BAD.items() for text in texts])
def test_a_bad_value_is_refused_with_variable_value_and_rule(variable: str, text: str) -> None:
    with pytest.raises(StartRefused) as refused:
        read({variable: text}, {})
    told = str(refused.value)
    assert variable in told
    assert " must " in told
    assert told.endswith(".")
    shown_value = "not usable" if variable == "MONGODB_URI" else text
    assert shown_value in told


def test_every_setting_with_a_rule_has_bad_values_here() -> None:
    ruleless = {"TMF_DATA_DIR"}
    assert {variable for row in TABLE for variable in row.variables} - ruleless == set(BAD)


@pytest.mark.parametrize(("wrong", "nearest"), [("TMF_PROT", "TMF_PORT"), ("TMF_DATADIR", "TMF_DATA_DIR")])
def test_an_unknown_variable_is_refused_with_the_nearest_name(wrong: str, nearest: str) -> None:
    with pytest.raises(StartRefused, match=rf"{wrong} is not a setting; the nearest name is {nearest}\."):
        read({wrong: "1"}, {})


def test_an_mongodb_address_shows_no_user_no_password_and_no_options() -> None:
    uri = "mongodb+srv://user:s3cret@h1.example,h2.example:1/db?tlsCertificateKeyFilePassword=s3cret"
    assert without_credentials(uri) == "mongodb+srv://h1.example,h2.example:1/db"
    assert "s3cret" not in repr(read({"MONGODB_URI": uri}, {}))


def test_the_command_line_lists_every_setting() -> None:
    rows = json.loads(CliRunner().invoke(cli.tmf, ["settings", "--json"]).output)
    assert [row["name"] for row in rows] == [row.name for row in TABLE]
    table = CliRunner().invoke(cli.tmf, ["settings"]).output
    assert [variable for row in TABLE for variable in row.variables if variable not in table] == []


def test_serve_has_a_flag_for_each_row_that_says_so() -> None:
    flags = {option.opts[0] for option in cli.serve.params}
    assert flags == {"--apis", "--host", "--port", "--workers", "--store", "--data-dir", "--public-url"}


def test_the_command_line_tells_its_version() -> None:
    assert CliRunner().invoke(cli.tmf, ["--version"]).output.startswith("tmf, version ")


def test_an_event_is_kept_longer_than_it_is_tried() -> None:
    with pytest.raises(StartRefused, match=r"TMF_EVENT_DAYS is 3, it must be more than TMF_DELIVERY_DAYS, which is 5"):
        read({"TMF_EVENT_DAYS": "3", "TMF_DELIVERY_DAYS": "5"}, {})
