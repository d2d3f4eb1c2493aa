"""The stage and the listener of tests/hub."""

from __future__ import annotations

from tests.hub.conftest import heard as heard
from tests.hub.conftest import stage as stage
