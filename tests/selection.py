"""Which tests wait for `make test-long`: a table of samples, read by the conftest; every other test is in `make test`.

A test function that is tried on every resource, event or value keeps a few of its cases in `make test`, the same each
time, and leaves the others to `make test-long`; CI runs both. Nothing is left out: `test_selection.py` shows that every
test is run by exactly one target, that each row here matches tests, and that every API in each version, every resource
and every kind of test is still heard in `make test`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from zlib import crc32

Sample = Callable[[Sequence[str]], set[str]]
"""The cases of one test function, as pytest names them, in their order -> those that stay in `make test`."""

_VERSIONED = re.compile(r"(TMF\d{3}-v\d)-\w+")
_API = re.compile(r"TMF\d{3}|/tmf-api/\w+")


def _turn(cases: Sequence[str]) -> int:
    """A number of the test function's own, so that functions differ in what they keep."""
    return crc32(cases[0].partition("[")[0].encode())


def nothing(cases: Sequence[str]) -> set[str]:
    """Keeps none: the whole function waits."""
    return set()


def one_of_each_document(cases: Sequence[str]) -> set[str]:
    """Keeps one resource, or event, of each API in each version, for each of the other parameters; functions differ in
    which one they keep."""
    groups: dict[str, list[str]] = defaultdict(list)
    for case in cases:
        groups[_VERSIONED.sub(r"\1", case)].append(case)
    return {group[(_turn(cases) + at) % len(group)] for at, group in enumerate(groups.values())}


def one_of_each_api(cases: Sequence[str]) -> set[str]:
    """Keeps one case of each API: the first of the first, the second of the second, so that both versions are there."""
    groups: dict[str, list[str]] = defaultdict(list)
    for case in cases:
        found = _API.search(case.partition("[")[2])
        groups[found[0] if found else ""].append(case)
    return {group[at % len(group)] for at, group in enumerate(groups.values())}


def named(name: str) -> Sample:
    """Keeps the case of this name."""

    def sample(cases: Sequence[str]) -> set[str]:
        return {case for case in cases if case.endswith(f"[{name}]")}

    return sample


def every(step: int) -> Sample:
    """Keeps the first of each `step` cases."""

    def sample(cases: Sequence[str]) -> set[str]:
        return set(cases[::step])

    return sample


TABLE: Mapping[str, Sample] = {
    # Each of the 150 listener paths and event types: the same code with another document.
    "tests/api/test_listeners.py::test_the_documents_own_event_is_accepted_and_kept_once": one_of_each_document,
    "tests/api/test_listeners.py::test_a_v4_answer_is_the_event_and_the_documents_subscription": one_of_each_document,
    "tests/api/test_listeners.py::test_an_event_of_another_type_is_refused": one_of_each_document,
    "tests/api/test_listeners.py::test_a_moment_that_is_none_is_refused": one_of_each_document,
    "tests/api/test_listeners.py::test_an_event_without_content_is_refused": one_of_each_document,
    "tests/api/test_listeners.py::test_content_that_is_no_object_is_refused": one_of_each_document,
    "tests/api/test_listeners.py::test_missing_types_are_filled": one_of_each_document,
    "tests/api/test_envelopes.py::test_an_event_is_as_its_document_declares_it": one_of_each_document,
    "tests/api/test_envelopes.py::test_an_event_tells_what_happened_and_when": one_of_each_document,
    "tests/api/test_envelopes.py::test_an_event_holds_the_resource_as_its_version_shows_it": one_of_each_document,
    "tests/api/test_envelopes.py::test_an_event_of_changed_content_tells_where": one_of_each_document,
    # Each resource with each of several bodies.
    "tests/api/test_change.py::test_a_json_patch_is_applied_in_order": one_of_each_document,
    "tests/api/test_change.py::test_a_merge_patch_changes_what_it_names_alone": one_of_each_document,
    "tests/api/test_lists.py::test_a_page_that_is_none_is_refused": one_of_each_document,
    # Each document read as a whole.
    "tests/api/test_addresses.py::test_a_document_is_downloaded_as_it_is_in_specs": one_of_each_api,
    "tests/browser/test_pages.py::test_swagger_ui_shows_every_document_without_the_internet": one_of_each_api,
    "tests/ctk/test_document.py::test_the_published_document_says_what_ours_does": one_of_each_api,
    "tests/ctk/test_schemas.py::test_every_schema_of_ours_can_be_read": one_of_each_api,
    # Queries that nobody means, and pages of every size.
    "tests/api/queries/test_queries.py::test_a_query_that_nobody_means_is_answered_or_refused": every(5),
    "tests/api/queries/test_queries.py::test_links_lead_through_the_whole_list_and_back": every(3),
    "tests/common/store/test_listing.py::test_pages_by_place_make_the_whole_list_in_both_directions": every(5),
    "tests/common/store/test_listing.py::test_pages_by_count_are_parts_of_the_whole": every(5),
    # Properties of every v4 resource, tried on generated documents.
    "tests/common/query/test_translation.py::test_v4_finds_what_it_shows": one_of_each_api,
    "tests/common/views/test_law.py": one_of_each_api,
    "tests/common/views/test_marks.py::test_filled_marks_are_taken_out_again": one_of_each_api,
    # The kit: broken servers, some seconds each; whole runs; Postman's newman, which npm installs.
    "tests/ctk/test_mutants.py::test_a_broken_server_is_found_out": every(4),
    "tests/ctk/test_conformance.py::test_the_suite_passes_everything_at_the_highest_level": named("TMF621-v4"),
    "tests/ctk/test_command.py::test_what_cannot_be_judged_is_2_and_said": every(3),
    "tests/ctk/test_newman.py::test_every_assertion_of_a_collection_is_a_finding_with_its_exchange": nothing,
    "tests/ctk/test_newman.py::test_no_answer_and_a_broken_script_are_failures": nothing,
    "tests/ctk/test_newman.py::test_a_request_whose_script_makes_another_one_is_told_once": nothing,
    "tests/ctk/test_newman.py::test_a_collection_without_requests_is_not_tested": nothing,
    "tests/ctk/test_newman.py::test_an_environment_gives_variables_and_its_secrets_are_not_kept": nothing,
    "tests/ctk/test_newman.py::test_newman_reads_no_file_outside_the_collections_folder": nothing,
    "tests/ctk/test_newman.py::test_a_collection_that_does_not_end_is_stopped": nothing,
    # A client in Java, which is compiled first; `make clients` runs it too.
    "tests/clients/test_java.py::test_the_jdks_own_client_writes_at_its_defaults": nothing,
    # `tmf events`, several processes for each test; what they print is tested by test_admin as well.
    "tests/delivery/test_events_command.py::test_attempts_are_listed_since_a_time_and_up_to_a_number": nothing,
    "tests/delivery/test_events_command.py::test_dead_letters_are_listed": nothing,
    "tests/delivery/test_events_command.py::test_all_dead_letters_are_replayed_or_those_of_one_subscription": nothing,
    "tests/delivery/test_events_command.py::test_a_subscription_returns_to_a_time": nothing,
    "tests/delivery/test_events_command.py::test_what_cannot_be_done_is_told_in_one_sentence": every(3),
    "tests/hub/test_listen.py::test_what_cannot_be_shown_is_refused_in_a_sentence": every(2),
    # `tmf indexes`, asked again and again until a suite or an interrupted command has made them all.
    "tests/serve/test_indexes.py::test_a_suite_creates_them_when_it_starts": nothing,
    "tests/serve/test_indexes.py::test_an_interrupted_creation_goes_on_the_next_time": nothing,
    # Processes and stores killed again and again; `make crash` does it longer.
    "tests/serve/test_durability.py::test_no_acknowledged_write_is_lost_when_the_store_is_killed": nothing,
    "tests/work/test_kill.py::test_no_event_of_an_acknowledged_change_is_lost_when_processes_are_killed": nothing,
}
"""Test function, as FILE::NAME, or whole file -> what of each function stays in `make test`."""


def long_tests(tests: Iterable[str]) -> set[str]:
    """The names of those tests of a collection that wait for `make test-long`."""
    functions: dict[str, list[str]] = defaultdict(list)
    for test in tests:
        functions[test.partition("[")[0]].append(test)
    found: set[str] = set()
    for function, cases in functions.items():
        sample = TABLE.get(function) or TABLE.get(function.partition("::")[0])
        if sample:
            found |= set(cases) - sample(cases)
    return found
