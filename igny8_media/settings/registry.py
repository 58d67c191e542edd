"""The registry of models as it is in force: shipped, in a file of one's own, in the database."""

from igny8_media.ai.models import Models, load_models
from igny8_media.settings import Settings


def models_of(settings: Settings) -> Models:
    """What was added in the database stands before the file, and that before what is shipped.

    It is read anew each time, at the cost of one small query: a model that is added is asked by the
    next run. Raises InputError for entries that do not fit.
    """
    file = settings.resolved_home / "igny8.db"
    if settings.database_url is None and not file.exists():
        return load_models(settings.models_file)  # to look must not make a database
    from igny8_media.database.ai_models import StoredModels
    from igny8_media.database.engine import shared_database

    stored = StoredModels(shared_database(settings.sqlalchemy_url)).all()
    return load_models(settings.models_file, stored)
