"""The explicit list of every router. A feature's routers stand in the ladder's order."""

from fastapi import APIRouter

from app.health.routes import router as health

# Under /api/v1; a router's own prefix begins after it.
V1_ROUTERS: tuple[APIRouter, ...] = ()

# At the root: health, the viewer's page, stored files.
ROOT_ROUTERS: tuple[APIRouter, ...] = (health,)


def collect_routers() -> APIRouter:
    """All routers as one."""
    everything = APIRouter()
    v1 = APIRouter(prefix="/api/v1")
    for router in V1_ROUTERS:
        v1.include_router(router)
    everything.include_router(v1)
    for router in ROOT_ROUTERS:
        everything.include_router(router)
    return everything
