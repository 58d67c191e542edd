"""JSON schemas as the providers' strict modes take them."""

from typing import Any, Final

from pydantic import BaseModel

# Neither vendor's strict mode takes all of these (OpenAI, "Structured model outputs"; Anthropic,
# "Structured outputs", 2026-10). The answer is held to them afterwards.
_BOUNDS: Final = frozenset(
    ("minLength", "maxLength", "minItems", "maxItems", "pattern", "minimum", "maximum")
)
_NEVER: Final = frozenset(("default", "title"))


def strict_schema(model: type[BaseModel], *, bounds: bool) -> dict[str, Any]:
    """The model's schema with every property required and none besides.

    `bounds` keeps lengths and the like, which servers that generate by a grammar keep to: they are
    what ends the sentences of a small model.
    """
    dropped = _NEVER if bounds else _NEVER | _BOUNDS
    schema = _strict(model.model_json_schema(), dropped)
    assert isinstance(schema, dict)  # noqa: S101 - a model's schema is an object
    return schema


def _strict(node: Any, dropped: frozenset[str]) -> Any:
    if isinstance(node, list):
        return [_strict(item, dropped) for item in node]
    if not isinstance(node, dict):
        return node
    # Under "properties" and "$defs" the keys are names, which may be any word.
    made = {
        key: {name: _strict(inner, dropped) for name, inner in value.items()}
        if key in ("properties", "$defs")
        else _strict(value, dropped)
        for key, value in node.items()
        if key not in dropped
    }
    if "properties" in made:
        made |= {"required": list(made["properties"]), "additionalProperties": False}
    return made
