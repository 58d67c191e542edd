"""The base of every model that crosses a room's edge."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """An immutable model that refuses unknown fields, so that a typing error is seen at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")
