"""What it costs to ask for help, and to load the definitions."""

import sys

from measure import cpu_of_process, medians, report

_PYTHON = sys.executable


def main() -> None:
    found = medians(
        7,
        click=lambda: cpu_of_process([_PYTHON, "-c", "import click"]),
        help=lambda: cpu_of_process([_PYTHON, "-m", "igny8_media", "--help"]),
        dagster=lambda: cpu_of_process([_PYTHON, "-c", "import dagster"]),
        definitions=lambda: cpu_of_process(
            [_PYTHON, "-c", "from igny8_media.definitions import defs; defs()"]
        ),
    )
    report(
        "igny8-media --help to import click",
        found["help"] / found["click"],
        4,
        help=found["help"],
        click=found["click"],
    )
    report(
        "loading the definitions to import dagster",
        found["definitions"] / found["dagster"],
        1.5,
        definitions=found["definitions"],
        dagster=found["dagster"],
    )


if __name__ == "__main__":
    main()
