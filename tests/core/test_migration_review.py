"""What a migration does to tables in use is read from its source."""

from pathlib import Path

import pytest

from app.core.migration_review import felt_by_the_running


def review(tmp_path: Path, *steps: str) -> list[str]:
    """What is said of a migration whose upgrade has these lines."""
    body = "\n    ".join(steps)
    path = tmp_path / "migration.py"
    path.write_text(f"TABLE = 'prints'\n\n\ndef upgrade() -> None:\n    {body}\n")
    return felt_by_the_running(path)


@pytest.mark.parametrize(
    "step",
    [
        "op.add_column('prints', sa.Column('title', sa.Text()))",
        "op.add_column('prints', sa.Column('n', sa.Integer(), nullable=False, server_default='0'))",
        "op.create_index('i', 'prints', ['title'], postgresql_concurrently=True)",
        "op.alter_column('prints', 'title', nullable=True)",
        "op.execute('GRANT SELECT, UPDATE ON prints TO arv_app')",
        "op.execute('CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN UPDATE x SET y = 1; END $$')",
    ],
)
def test_what_only_adds_is_not_felt(tmp_path: Path, step: str) -> None:
    """The release before goes on as if nothing were new."""
    assert review(tmp_path, step) == []


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("op.drop_table('prints')", "drops the table prints"),
        ("op.drop_column('prints', 'title')", "drops prints.title"),
        ("op.rename_table('prints', 'pictures')", "renames the table prints"),
        ("op.alter_column('prints', 'title', new_column_name='name')", "renames prints.title"),
        (
            "op.alter_column('prints', 'n', type_=sa.BigInteger())",
            "changes the type of prints.n, which may write the table anew",
        ),
        (
            "op.alter_column('prints', 'title', nullable=False)",
            "lets prints.title be empty no more, and checks every row under a lock",
        ),
        (
            "op.add_column('prints', sa.Column('title', sa.Text(), nullable=False))",
            "adds prints.title, which the release before would leave empty",
        ),
        ("op.create_index('i', TABLE, ['x'])", "stops writes to prints while it makes an index"),
        (
            "op.create_foreign_key('f', 'prints', 'people', ['a'], ['b'])",
            "checks every row of prints under a lock",
        ),
        (
            "op.execute('UPDATE prints SET n = 0')",
            "runs SQL to be read first: UPDATE prints SET n = 0",
        ),
    ],
)
def test_what_the_running_release_feels_is_said(tmp_path: Path, step: str, words: str) -> None:
    """With the table, so that an operator knows how large it is."""
    assert review(tmp_path, step) == [words]


def test_a_table_made_in_the_same_migration_is_nobodys_yet(tmp_path: Path) -> None:
    """Whatever is done to it, no row is in it and nobody waits."""
    made = "op.create_table('prints', sa.Column('id', sa.Uuid()))"
    index = "op.create_index('i', TABLE, ['id'])"

    assert review(tmp_path, made, index) == []
