"""What a background process carries."""

from __future__ import annotations

import json
import subprocess
import sys

_WEB = ("connexion", "flask", "starlette", "a2wsgi", "swagger_ui_bundle", "common.app", "common.web")
_IMPORT = "import common.worker, json, sys; print(json.dumps(list(sys.modules)))"


def test_a_background_process_does_not_carry_the_web_stack():
    answer = subprocess.run([sys.executable, "-c", _IMPORT], capture_output=True, text=True, timeout=120, check=True)
    carried = json.loads(answer.stdout)
    assert "common.delivery.couriers" in carried
    assert [name for name in _WEB if name in carried] == []
