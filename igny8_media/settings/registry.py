"""The registry of models as it is in force: shipped, in a file of one's own, in the database."""

from functools import lru_cache
from typing import TYPE_CHECKING

from igny8_media.ai.models import Models, load_models
from igny8_media.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine


def models_of(settings: Settings) -> Models:
    """What was added in the database stands before the file, and that before what is shipped.

    It is read anew each time, at the cost of one small query: a model that is added is asked by the
    next run. Raises InputError for entries that do not fit.
    """
    file = settings.resolved_home / "igny8.db"
    if settings.database_url is None and not file.exists():
        return load_models(settings.models_file)  # to look must not make a database
    from igny8_media.database.ai_models import StoredModels

    stored = StoredModels(_engine(settings.sqlalchemy_url)).all()
    return load_models(settings.models_file, stored)


@lru_cache(maxsize=4)
def _engine(url: str) -> "Engine":
    from igny8_media.database.engine import open_database

    return open_database(url)
