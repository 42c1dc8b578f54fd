"""When a tab is closed, its question ends. An ASGI layer around the web server.

Gradio looks whether a reader is still there only between two steps of an answer; a silent model makes none for 45 s.
Its own event for a tab that is closed builds a session first, 10 ms of the one thread that serves everybody.
"""

from collections.abc import Callable
from typing import Any

from assistant.page.headers import App, Receive, Scope, Send

# The request that a browser keeps open for as long as the tab is.
_ALIVE = "/gradio_api/heartbeat/"


class Leaving:
    """Wraps an ASGI app; calls `left` with the session of each tab that is gone."""

    def __init__(self, app: App, left: Callable[[str], None]) -> None:
        self._app = app
        self._left = left

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _, is_alive, session = str(scope.get("path", "")).partition(_ALIVE)
        try:
            await self._app(scope, receive, send)
        finally:
            if is_alive:
                self._left(session)


def forget(queue: Any, session: str) -> None:
    """Takes a session that nothing is pending for out of Gradio's queue, which keeps its last messages until 2,000 more
    sessions came, and its name for good."""
    if not queue.pending_event_ids_session.get(session):
        queue.pending_event_ids_session.pop(session, None)
        queue.pending_messages_per_session.pop(session, None)
