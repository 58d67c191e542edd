"""The stages: what each artefact needs, when it must be remade, and how it is made. No Dagster."""
