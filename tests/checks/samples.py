"""For each house rule one file that breaks it and one that keeps it.

Words that the rules look for everywhere are put together from pieces, so that this file keeps them.
"""

from dataclasses import dataclass

from scripts.checks.repository import Repository, Source

DECISION = "# 0001 Title\n## Context\n## Decision\n## Consequences\n## Alternatives"
LONG_BODY = "\n".join(f"    step({number})" for number in range(41))
LONG_TEXT = "line\n" * 60


@dataclass(frozen=True)
class Sample:
    """Files (path to text) that break a rule, and files that keep it."""

    breaks: dict[str, str]
    keeps: dict[str, str]


def repository_of(files: dict[str, str]) -> Repository:
    return Repository(tuple(Source(path, text) for path, text in sorted(files.items())))


LAYERS = {
    "inner-files": Sample(
        {"app/projects/service.py": "from fastapi import HTTPException\n"},
        {"app/projects/routes.py": "from fastapi import HTTPException\n"},
    ),
    "one-committer": Sample(
        {"app/projects/service.py": "async def f(session):\n    await session.commit()\n"},
        {"app/core/database.py": "async def f(session):\n    await session.commit()\n"},
    ),
    "sql-in-queries": Sample(
        {"app/projects/service.py": "from sqlalchemy import select\n"},
        {"app/projects/queries.py": "from sqlalchemy import select\n"},
    ),
    "no-filter-by-hand": Sample(
        {"app/projects/routes.py": "statement = everything.where(Project.company_id == company)\n"},
        {"app/projects/queries.py": "statement = all_rows.where(Project.company_id == company)\n"},
    ),
    "named-by-subject": Sample({"app/core/utils.py": "x = 1\n"}, {"app/core/clock.py": "x = 1\n"}),
}

TRAPS = {
    "lazy-raise": Sample(
        {"app/projects/models.py": "videos = relationship(back_populates='content')\n"},
        {"app/projects/models.py": "videos = relationship(lazy='raise')\n"},
    ),
    "commit-before-answer": Sample(
        {"app/core/database.py": "async def scope():\n    yield 1\nS = Depends(scope)\n"},
        {"app/core/database.py": "def scope():\n    yield\nS = Depends(scope, scope='function')\n"},
    ),
    "migrations-only": Sample(
        {"app/core/database.py": "Base.metadata.create_all(engine)\n"},
        {"app/core/database.py": "upgrade('head')\n"},
    ),
    "tests-are-sentences": Sample(
        {"tests/core/test_clock.py": "def test_now():\n    assert utcnow()\n"},
        {"tests/core/test_clock.py": "def test_now():\n    '''Aware.'''\n    assert utcnow()\n"},
    ),
    "no-skipped-test": Sample(
        {"tests/core/test_clock.py": "import pytest\n\n@pytest.mark.skip\ndef test_now(): ...\n"},
        {"tests/core/test_clock.py": "import pytest\n\n@pytest.mark.slow\ndef test_now(): ...\n"},
    ),
}

SIZES = {
    "file-length": Sample(
        {"web/viewer/src/view.ts": "let x = 1;\n" * 501},
        {"web/viewer/src/view.ts": "let x;\n" * 500},
    ),
    "function-length": Sample(
        {"app/core/files.py": f"def f():\n{LONG_BODY}\n"},
        {"app/core/files.py": f"def f():\n    '''{LONG_TEXT}'''\n    return 1\n"},
    ),
    "c-function-length": Sample(
        {"engine/src/track.c": "static int f(int a)\n{\n" + "  a++; /* } */\n" * 40 + "}\n"},
        {"engine/src/track.c": "static const int t[] = {\n" + "  1,\n" * 60 + "};\n"},
    ),
}

SECRETS = {
    "no-registry-host": Sample(
        {"Dockerfile": "RUN npm ci --registry https://registry.npm" + "js.org/\n"},
        {"Dockerfile": "RUN npm ci\n"},
    ),
    "host-free-locks": Sample(
        {"package-lock.json": '{"resolved": "https://mirror' + '.example/x.tgz"}\n'},
        {"package-lock.json": '{"resolved": "web/admin", "link": true}\n'},
    ),
    "no-machine-path": Sample(
        {"docs/guides/install.md": "Go to /home" + "/alice/arv.\n"},
        {"docs/guides/install.md": "Go to the checkout; in the image it is /home/appuser/arv.\n"},
    ),
    "no-secret": Sample(
        {"app/core/config.py": "KEY = 'AK" + "IAABCDEFGHIJKLMNOP'\n"},
        {"app/core/config.py": "KEY = os.environ['KEY']\n"},
    ),
}

DOCUMENTS = {
    "short-decisions": Sample(
        {"docs/decisions/0001-title.md": "word\n" * 61},
        {"docs/decisions/0001-title.md": "word\n" * 60},
    ),
    "whole-decisions": Sample(
        {"docs/decisions/0001-title.md": DECISION},
        {"docs/decisions/0001-title.md": DECISION + "\n## Enforced by\n"},
    ),
    "live-links": Sample(
        {"docs/architecture.md": "See [the tutorial](tutorial/none.md).\n"},
        {"docs/architecture.md": "See [the root](../README.md).\n", "README.md": "# ARV\n"},
    ),
    "tests-named": Sample(
        {"docs/reference/asvs.md": "| 1.1.1 | shown by `tests/core/test_none.py` |\n"},
        {
            "docs/reference/asvs.md": "| 1.1.1 | shown by `tests/core/test_one.py` |\n",
            "tests/core/test_one.py": "",
        },
    ),
    "both-languages": Sample(
        {
            "web/admin/src/i18n/en.json": '{"sign": {"in": "Sign in"}}',
            "web/admin/src/i18n/ru.json": '{"sign": {}}',
        },
        {
            "web/admin/src/i18n/en.json": '{"views_one": "view", "views_other": "views"}',
            "web/admin/src/i18n/ru.json": '{"views_one": "a", "views_few": "b", "views_many": "c"}',
        },
    ),
}

MIGRATIONS = {
    "expand-and-contract": Sample(
        {
            "alembic/versions/20300101_000000_000000_x.py": (
                "def upgrade():\n    op.drop_column('jobs', 'attempts')\n"
            ),
            "alembic/versions/20300101_000000_000001_x.py": (
                "def upgrade():\n    op.create_index('ix', 'jobs', ['kind'])\n"
            ),
        },
        {
            "alembic/versions/20300101_000000_000000_x.py": (
                "def upgrade():\n    op.add_column('jobs', sa.Column('a', nullable=True))\n"
            ),
            "alembic/versions/20300101_000000_000001_x.py": (
                '"""Roll out with a pause: nobody has read it since 0.1."""\n'
                "def upgrade():\n    op.drop_column('jobs', 'attempts')\n"
            ),
        },
    ),
}

SAMPLES = {**MIGRATIONS, **LAYERS, **TRAPS, **SIZES, **SECRETS, **DOCUMENTS}
