"""Dagster's view of the stages: one asset each, partitioned by content."""
