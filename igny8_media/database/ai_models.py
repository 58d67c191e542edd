"""Models that people added to the registry, in the `ai_model` table."""

from collections.abc import Sequence
from datetime import UTC, datetime

from pydantic import ValidationError
from sqlalchemy import Engine, delete, select

from igny8_media.ai.models import Model
from igny8_media.database.tables import AiModel
from igny8_media.database.transactions import transaction
from igny8_media.errors import InputError


class StoredModels:
    """Entries that stand before those of files."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> Sequence[Model]:
        """In the order in which they were changed, so that the last `default` is the one in force.

        Raises InputError for an entry that no longer fits.
        """
        query = select(AiModel).order_by(AiModel.updated_at, AiModel.id)
        with transaction(self._engine, reading=True) as session:
            return [_model(row) for row in session.scalars(query)]

    def put(self, model: Model) -> None:
        """Add it, or replace the one of its kind, provider and name."""
        entry = model.model_dump(mode="json", exclude_defaults=True)
        with transaction(self._engine) as session:
            row = session.scalars(
                select(AiModel).where(
                    AiModel.kind == model.kind,
                    AiModel.provider == model.provider,
                    AiModel.name == model.name,
                )
            ).first()
            if row is None:
                row = AiModel(kind=model.kind, provider=model.provider, name=model.name)
                session.add(row)
            row.entry, row.updated_at = entry, datetime.now(UTC)

    def remove(self, kind: str, provider: str, name: str) -> bool:
        """False where there is none."""
        with transaction(self._engine) as session:
            done = session.execute(
                delete(AiModel).where(
                    AiModel.kind == kind, AiModel.provider == provider, AiModel.name == name
                )
            )
            return bool(done.rowcount)  # type: ignore[attr-defined]  # a DELETE has one


def _model(row: AiModel) -> Model:
    try:
        return Model.model_validate(row.entry)
    except ValidationError:
        raise InputError(
            f"The {row.kind} model {row.name} of {row.provider} in the database does not fit any "
            f"more; remove it with `igny8-media ai models remove {row.kind} {row.provider} "
            f"{row.name}`."
        ) from None
