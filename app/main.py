"""The web service: middleware, routers, error handlers, lifespan."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.routing import APIRoute

from app import __version__
from app.api import include_routers
from app.core import error_tracking, live, tracing
from app.core.config import Settings, get_settings
from app.core.database import dispose_engine
from app.core.docs import router as docs
from app.core.draining import drain_at_stop
from app.core.errors import install_error_handlers
from app.core.etags import install_conditional_answers
from app.core.http import install_middleware
from app.core.limits import close_limits
from app.core.logging import configure_logging
from app.core.openapi import install_problem_schema
from app.health.metrics_routes import router as metrics
from app.notifications.live_routes import end_streams_at_stop
from app.subscriptions import views
from app.tasks import celery_app as _celery  # noqa: F401  (connects the broker for `enqueue`)
from app.uploads.method_override import TusMethodOverride


def create_app(settings: Settings | None = None) -> FastAPI:
    """The whole service as one ASGI app. `uvicorn --factory app.main:create_app`"""
    settings = settings or get_settings()
    configure_logging(settings.log.level, settings.log_format)
    error_tracking.start("api")
    tracing.start("api")
    app = FastAPI(
        title="ARV",
        version=__version__,
        summary="Makes print come alive in a phone browser.",
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        debug=False,
        generate_unique_id_function=_operation_id,
    )
    app.add_middleware(TusMethodOverride)
    install_middleware(app, is_https=settings.web.is_https, limits=settings.limits)
    install_error_handlers(app)
    install_conditional_answers(app)
    app.include_router(docs)
    app.include_router(metrics)  # asks no database which host it is
    include_routers(app)  # ends with the panel, which takes every path left
    install_problem_schema(app)
    return app


def _operation_id(route: APIRoute) -> str:
    """The route function's name: the generated client calls `create_project`."""
    return route.name


@asynccontextmanager
async def _lifespan(_app: FastAPI) -> AsyncIterator[None]:
    drain_at_stop(get_settings().web.drain_seconds)
    end_streams_at_stop()
    yield
    await views.finish()
    await close_limits()
    await live.close()
    await dispose_engine()
    await asyncio.to_thread(tracing.stop)
    await asyncio.to_thread(error_tracking.stop)
