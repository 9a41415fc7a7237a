"""The isolation matrix for whatever is not read: a file of its own, so that two processes share the work."""

from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.flows.access_matrix import prove_matrix


@pytest.mark.timeout(900)
async def test_the_matrix_of_changes(app: FastAPI, tmp_path: Path) -> None:
    """Every POST, PUT, PATCH, DELETE x everybody x own, foreign, nonexistent is as the table says."""
    await prove_matrix(app, tmp_path, lambda route: route.method != "get")
