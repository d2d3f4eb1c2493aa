"""A small document of two resources: all that a profile is derived from stands in it once."""

from __future__ import annotations

import copy
from typing import Any

import yaml

from ctk.standard.document import Document

_TEXT = """
openapi: 3.1.0
info: {title: Widget Management, version: 5.0.0}
servers: [{url: "https://h.example/tmf-api/widgetManagement/v5/"}]
paths:
  /widget:
    get:
      operationId: listWidget
      responses: {"200": {content: {application/json: {schema:
        {type: array, items: {$ref: "#/components/schemas/Widget"}}}}}}
    post:
      operationId: createWidget
      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Widget_FVO"}
            examples:
              short: {value: {"@type": Widget, size: 1}}
              create:
                value:
                  "@type": Widget
                  id: widget-1
                  colour: red
                  description: A red one.
                  size: 3
                  maker: [{"@type": MakerRef, id: maker-1, href: "https://h.example/1", name: Maker, role: shop}]
                  box: {href: "https://h.example/2", kind: wood, weight: 4, lid: {open: true}}
      responses: {"201": {content: {application/json: {schema: {$ref: "#/components/schemas/Widget"}}}}}
  /widget/{id}:
    get:
      operationId: retrieveWidget
      responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/Widget"}}}}}
    patch:
      operationId: patchWidget
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Widget_MVO"}}}}
      responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/Widget"}}}}}
    delete: {operationId: deleteWidget, responses: {"204": {description: ""}}}
  /widgetCheck:
    post:
      operationId: createWidgetCheck
      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/WidgetCheck_FVO"}
            example:
              "@type": WidgetCheck
              report: https://h.example/report
              widget: {"@type": WidgetRef, id: widget-1, name: A red one, "@referredType": Widget}
      responses: {"201": {content: {application/json: {schema: {$ref: "#/components/schemas/WidgetCheck_RES"}}}}}
  /widgetCheck/{id}:
    get:
      operationId: retrieveWidgetCheck
      responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/WidgetCheck_RES"}}}}}
  /hub: {post: {operationId: createHub, responses: {"201": {description: ""}}}}
  /listener/widgetCreateEvent: {post: &event {requestBody: {content: {application/json: {schema:
    {$ref: "#/components/schemas/WidgetCreateEvent"}}}}, responses: {"204": {description: ""}}}}
  /listener/widgetAttributeValueChangeEvent: {post: *event}
  /listener/widgetStatusChangeEvent: {post: *event}
  /listener/widgetMeltedEvent: {post: *event}
  /listener/widgetCheckCreateEvent: {post: {requestBody: {content: {application/json: {schema:
    {$ref: "#/components/schemas/WidgetCheckCreateEvent"}}}}, responses: {"204": {description: ""}}}}
  /listener/gadgetCreateEvent: {post: *event}
components:
  schemas:
    Thing: {type: object, required: ["@type"], properties: {"@type": {type: string}}}
    Widget_Sent:
      allOf: [{$ref: "#/components/schemas/Thing"}]
      type: object
      properties:
        colour: {type: string, enum: [red, blue]}
        description: {type: string}
        size: {type: integer}
        maker: {type: array, items: {$ref: "#/components/schemas/MakerRef"}}
        box: {$ref: "#/components/schemas/Box"}
    Widget:
      allOf: [{$ref: "#/components/schemas/Widget_Sent"}]
      properties: {id: {type: string}, href: {type: string}, born: {type: string, format: date-time}}
    Widget_FVO:
      allOf: [{$ref: "#/components/schemas/Widget_Sent"}]
      required: ["@type", size, maker]
      properties: {id: {type: string}}
    Widget_MVO:
      type: object
      properties: {description: {type: string}, size: {type: integer}}
    MakerRef:
      allOf: [{$ref: "#/components/schemas/Thing"}]
      required: [id]
      properties: {id: {type: string}, href: {type: string}, name: {type: string}, role: {type: string}}
    Box:
      type: object
      required: [href]
      properties: {href: {type: string}, kind: {type: string}, weight: {type: integer}, lid: {type: object}}
    WidgetRef:
      allOf: [{$ref: "#/components/schemas/Thing"}]
      properties: {id: {type: string}, name: {type: string}, "@referredType": {type: string}}
    WidgetCheck_FVO:
      allOf: [{$ref: "#/components/schemas/Thing"}]
      required: [widget]
      properties: {widget: {$ref: "#/components/schemas/WidgetRef"}, report: {type: string, format: uri}}
    WidgetCheck:
      allOf: [{$ref: "#/components/schemas/WidgetCheck_FVO"}]
      properties: {id: {type: string}, href: {type: string}}
    WidgetCheck_RES: {allOf: [{$ref: "#/components/schemas/WidgetCheck"}]}
    WidgetCreateEvent:
      properties:
        eventId: {type: string}
        event: {type: object, properties: {widget: {$ref: "#/components/schemas/Widget"}}}
    WidgetCheckCreateEvent:
      properties: {payload: {type: object, properties: {widgetCheck: {$ref: "#/components/schemas/WidgetCheck"}}}}
"""
_CONTENT = yaml.safe_load(_TEXT)


def toy_content() -> dict[str, Any]:
    """The content of the document, anew for each who changes it."""
    content: dict[str, Any] = copy.deepcopy(_CONTENT)
    return content


def toy_document() -> Document:
    """The document as the kit reads it."""
    return Document(toy_content())
