"""Words without a provider: sentences, key phrases, ranking, and the extractive writer's tools."""
