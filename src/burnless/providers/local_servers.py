"""Model servers on this machine: asked for their models on the ports they use by default."""

from __future__ import annotations

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from burnless.providers.catalog import Provider, providers
from burnless.providers.wire import children, text

_OK = 200
_MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server that answered: the provider's name, its address, and the models it lists."""

    provider: str
    base_url: str
    models: tuple[str, ...]


def find_local_servers(timeout_seconds: float = 0.5) -> tuple[FoundServer, ...]:
    """All that answer in time. Only loopback is asked, and nothing is sent but a GET."""
    local = [p for p in providers().values() if not p.key_env and p.base_url]
    with ThreadPoolExecutor(len(local)) as pool:
        asked = pool.map(lambda provider: _ask(provider, timeout_seconds), local)
        return tuple(found for found in asked if found is not None)


def list_models(base_url: str, timeout_seconds: float = 0.5) -> tuple[str, ...] | None:
    """The models of a server, None where none answers as one."""
    parts = urlsplit(base_url)
    host, port = parts.hostname or "", parts.port or 80
    connection = http.client.HTTPConnection(host, port, timeout=timeout_seconds)
    try:
        connection.request("GET", f"{parts.path.rstrip('/')}/models")
        response = connection.getresponse()
        listed = json.loads(response.read(_MOST_BYTES)) if response.status == _OK else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    if not isinstance(listed, dict) or not isinstance(listed.get("data"), list):
        return None
    return tuple(text(model.get("id")) for model in children(listed, "data") if model.get("id"))


def _ask(provider: Provider, timeout_seconds: float) -> FoundServer | None:
    models = list_models(provider.base_url, timeout_seconds)
    return FoundServer(provider.name, provider.base_url, models) if models is not None else None
