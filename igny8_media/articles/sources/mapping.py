"""What the tables and columns of an IGNY8 database are called."""

from igny8_media.frozen import Frozen


class ImagesMapping(Frozen):
    """The table of an article's pictures. Columns set to None are not there."""

    table: str = "igny8_images"
    db_schema: str | None = None
    content_id: str = "content_id"
    url: str | None = "image_url"
    path: str | None = "image_path"
    alt: str | None = "alt"
    position: str | None = "position"


class DatabaseMapping(Frozen):
    """What tables and columns are called. Optional columns set to None are not there."""

    table: str = "igny8_content"
    db_schema: str | None = None
    id: str = "id"
    title: str = "title"
    content_body: str = "content_body"
    meta_description: str | None = "meta_description"
    target_keywords: str | None = "target_keywords"
    status: str = "status"
    published_at: str | None = "published_at"
    updated_at: str = "updated_at"
    language: str | None = None
    author: str | None = None
    canonical_url: str | None = None
    site: str | None = None
    published_statuses: tuple[str, ...] = ("published",)
    images: ImagesMapping | None = ImagesMapping()
