"""A post by llama.cpp's own server: its small model writes poorly, so what counts is the path."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from igny8_media.articles.parse import parse_markdown
from igny8_media.settings import Settings
from igny8_media.social.model import Platform, SocialPost
from igny8_media.social.validate import problems
from igny8_media.stages.social import post_stage
from igny8_media.stages.stage import Built, BuiltFile, Job, Stage, run_stage
from igny8_media.stages.workshop import Workshop

ARTICLE = parse_markdown(
    """# Compost in a small garden

Compost is kitchen and garden waste that has turned into soil. It feeds plants for months.

Mix green waste, such as grass, with brown waste, such as dry leaves, and keep it damp.

Turn the heap every 2 weeks. After 6 months it smells of forest and is ready for the beds.
""",
    original_id="compost.md",
)


def _article(_: Job, folder: Path) -> Built:
    (folder / "article.json").write_text(ARTICLE.model_dump_json())
    return Built(files=(BuiltFile("article.json", "metadata"),), facts={"characters": 280})


def test_a_real_server_is_asked_told_of_and_charged_for(llama: str, tmp_path: Path) -> None:
    # Its model talks until it is stopped: whether it was in time, and right, is not our subject.
    settings = Settings(
        home=tmp_path, _env_file=None, gpu_server_url=llama, credits=True, text_timeout=6
    )
    shop = Workshop(settings)
    shop.credits.grant(Decimal(100))
    run_stage(shop, Stage("article", (), "1", _article), "c")
    stage = replace(post_stage(Platform.FACEBOOK), remember=lambda _job, _record: None)
    record = run_stage(shop, stage, "c").record
    post = SocialPost.model_validate_json(shop.store.read_bytes(record.named("post.json").key))
    assert problems(post) == []
    kept = set(filter(None, record.facts["functions"].split(", ")))
    asked = {"generate_hashtags": "hashtags", "adapt_content_for_social": "adapt"}
    helped = [note for note in record.notes if "without a model's help" in note]
    silent = [note for note in record.notes if "gpu_server did not answer within" in note]
    # What is not the model's is told of; once nobody has answered, nobody is asked again.
    assert len(helped) == len(asked.keys() - kept) or silent
    assert record.facts["calls"] or silent
    if record.facts["calls"]:
        assert record.facts["served_by"].startswith("gpu_server ")
        assert record.facts["input_tokens"] > 100
        assert record.facts["output_tokens"] > 0
    # Its writer is who wrote its text; hashtags alone make nobody that.
    by_model = "adapt_content_for_social" in kept
    assert record.facts["writer"].startswith("gpu_server " if by_model else "extractive")
    tasks = {task for name, task in asked.items() if name not in kept}
    tasks |= {"self_hosted_text"} if kept else set()
    assert set(record.facts["credits_for"]) <= tasks
    paid = {entry.provider for entry in shop.credits.entries(9) if entry.kind == "settle"}
    assert paid <= {"gpu_server", "built-in"}
    assert shop.credits.balance().reserved == 0
