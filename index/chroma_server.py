"""A collection on a Chroma server, over its HTTP interface (version 2). Knows nothing of the catalog.

Chroma's own client (1.5.9) waits for a silent server for ever, sends through a proxy that is set for the web, and takes
a second or two to import; none of it can be set. The few calls needed here are plain JSON.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import numpy as np

from index.embed import Vectors
from index.errors import BadSetting, ServerAway, VectorStoreFailed

_CONNECT_S = 3.0
_REPLY_S = 120.0  # to one request; the largest, 2,000 vectors to write, takes about 2 s
_DATABASE = "/api/v2/tenants/default_tenant/databases/default_database"


class ServerAddress(NamedTuple):
    """Where a Chroma server listens."""

    host: str
    port: int
    is_encrypted: bool

    @property
    def url(self) -> str:
        """Complete, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.is_encrypted else 'http'}://{host}:{self.port}"


def server_address(url: str) -> ServerAddress:
    """The parts of "http://host:port" (port 8000 unless given). Raises `BadSetting` for anything else."""
    try:
        parts = urlsplit(url)
        port = parts.port or 8000
    except ValueError:
        parts, port = urlsplit(""), 0
    extra = parts.path.strip("/") or parts.query or parts.username or parts.password
    if parts.scheme not in ("http", "https") or not parts.hostname or extra:
        raise BadSetting(f"store.url is {url!r}, expected the address of a Chroma server, as in http://10.0.0.5:8000")
    return ServerAddress(parts.hostname, port, parts.scheme == "https")


class ServerCollection:
    """An open collection, made if there is none; with the methods of Chroma's own that are used here.

    Every method raises `ServerAway` when the server does not answer, `VectorStoreFailed` when it refuses.
    """

    def __init__(self, url: str, name: str, configuration: Mapping[str, Any], metadata: Mapping[str, Any]) -> None:
        import httpx

        self._url = server_address(url).url
        self._made_with = {
            "name": name,
            "configuration": configuration,
            "metadata": metadata,
            "get_or_create": True,
        }
        # trust_env off: sentences of sensitive reports must not pass through a proxy set for the web
        self._session = httpx.Client(timeout=httpx.Timeout(_REPLY_S, connect=_CONNECT_S), trust_env=False)
        self.metadata: dict[str, Any] = {}
        self._id = ""
        try:
            self._find()
        except BaseException:
            self.close()
            raise

    def count(self) -> int:
        return int(self._call("GET", "count"))

    def query(
        self,
        *,
        query_embeddings: Vectors,
        n_results: int,
        ids: Sequence[str] | None = None,
        include: Sequence[str] = (),
    ) -> Any:
        asked = {"query_embeddings": query_embeddings.tolist(), "n_results": n_results, "ids": ids}
        return self._call("POST", "query", {**asked, "include": list(include)})

    def get(
        self,
        *,
        ids: Sequence[str] | None = None,
        limit: int | None = None,
        offset: int | None = None,
        include: Sequence[str] = (),
    ) -> Any:
        return self._call("POST", "get", {"ids": ids, "limit": limit, "offset": offset, "include": list(include)})

    def upsert(
        self,
        *,
        ids: Sequence[str],
        embeddings: Vectors,
        documents: Sequence[str],
        metadatas: Sequence[Mapping[str, Any]],
    ) -> None:
        packed = [base64.b64encode(row.tobytes()).decode() for row in np.ascontiguousarray(embeddings, dtype="<f4")]
        self._call("POST", "upsert", {"ids": ids, "embeddings": packed, "documents": documents, "metadatas": metadatas})

    def modify(self, *, metadata: Mapping[str, Any]) -> None:
        self._call("PUT", "", {"new_metadata": metadata})
        self.metadata = dict(metadata)

    def delete(self, *, ids: Sequence[str]) -> None:
        self._call("POST", "delete", {"ids": ids})

    def empty(self) -> None:
        """Forgets the collection and makes it anew."""
        self._request("DELETE", f"{_DATABASE}/collections/{self._made_with['name']}")
        self._find()

    def close(self) -> None:
        self._session.close()

    def _find(self) -> None:
        found = self._request("POST", f"{_DATABASE}/collections", self._made_with).json()
        self._id, self.metadata = str(found["id"]), dict(found.get("metadata") or {})

    def _call(self, method: str, what: str, body: Mapping[str, Any] | None = None) -> Any:
        reply = self._request(method, self._path(what), body, may_be_gone=True)
        if reply.status_code == 404:  # a writer has built the collection anew meanwhile
            self._find()
            reply = self._request(method, self._path(what), body)
        return reply.json()

    def _path(self, what: str) -> str:
        return f"{_DATABASE}/collections/{self._id}" + (f"/{what}" if what else "")

    def _request(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, may_be_gone: bool = False
    ) -> Any:
        import httpx

        try:
            reply = self._session.request(method, self._url + path, json=body)
        except httpx.HTTPError as error:
            raise ServerAway(
                f"the Chroma server at {self._url} does not answer ({type(error).__name__}); start it "
                "(chroma run --path FOLDER), or correct store.url"
            ) from error
        if reply.is_success or (may_be_gone and reply.status_code == 404):
            return reply
        said = " ".join(reply.text.split())[:200] or "nothing"
        raise VectorStoreFailed(
            f"the server at {self._url} refused a request with status {reply.status_code} and said: {said}. "
            "Is store.url a Chroma server, and its version 1.0 or newer?"
        )
