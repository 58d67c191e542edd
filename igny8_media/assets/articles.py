"""The article: what everything else is made from."""

from igny8_media.assets.factory import build_asset
from igny8_media.stages.article import ARTICLE

article = build_asset(
    ARTICLE,
    group="article",
    description="The published article, parsed into blocks, with its pictures fetched and checked.",
    kinds={"markdown"},
)
