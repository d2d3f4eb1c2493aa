"""The floor: a bare Flask view with one store operation, orjson, no validation, no versions."""

from __future__ import annotations

import os
import uuid

import orjson
from flask import Flask, Response, request

from common.store.connection import connect

app = Flask(__name__)
_tickets = connect(os.environ["MONGODB_URI"])[os.environ["TMF_DATABASE"]]["troubleTicket"]


def _json(value: object, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, content_type="application/json")


@app.get("/ticket/<identifier>")
def retrieve(identifier: str) -> Response:
    """Returns one resource by its id."""
    found = _tickets.find_one({"_id": identifier})
    return _json(found["document"]) if found else _json({}, 404)


@app.get("/ticket")
def listed() -> Response:
    """Returns the newest of a state."""
    chosen = {"document.status": request.args["status"]}
    rows = _tickets.find(chosen).sort([("created", -1), ("_id", -1)]).limit(20)
    return _json([row["document"] for row in rows])


@app.post("/ticket")
def create() -> Response:
    """Keeps what was sent."""
    document = orjson.loads(request.get_data())
    identifier = str(uuid.uuid4())
    _tickets.database["floor"].insert_one({"_id": identifier, "document": document})
    return _json(document, 201)
