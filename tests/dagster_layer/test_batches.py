"""A failed batch is run again content by content."""

from igny8_media.sensors.batches import contents_of_batch

_START, _END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"


def test_a_range_is_what_was_added_between_its_ends() -> None:
    known = ["z", "a", "m", "b"]  # dynamic partitions keep the order in which they were added
    assert contents_of_batch({_START: "a", _END: "b"}, known) == ["a", "m", "b"]


def test_a_run_over_one_content_is_no_batch() -> None:
    assert contents_of_batch({"dagster/partition": "a"}, ["a"]) == []
    assert contents_of_batch({_START: "a", _END: "a"}, ["a"]) == []
