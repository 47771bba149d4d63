"""Proxies named in the environment that no connection could be made through."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from urllib.parse import urlsplit

from burnless.core.errors import ConfigProblem

_VARIABLES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY")
_SOCKS = {"socks5", "socks5h"}
_SOCKS_SUPPORT = "socksio"
_ROUND_IT = "NO_PROXY='*' goes round all proxies"


def check_proxies(environ: Mapping[str, str]) -> None:
    """Raises ConfigProblem naming the variable, never its value: that may hold a password.

    The HTTP library opens every proxy it finds named, whichever address is called.
    """
    if "*" in (name.strip() for name in _value(environ, "NO_PROXY").split(",")):
        return
    for variable in _VARIABLES:
        proxy = _value(environ, variable)
        problem = _problem(proxy if "://" in proxy else f"http://{proxy}") if proxy else None
        if problem is not None:
            what, next_step = problem
            raise ConfigProblem(f"{variable} {what}", hint=f"{next_step}; {_ROUND_IT}")


def _value(environ: Mapping[str, str], variable: str) -> str:
    """The spelling in small letters wins."""
    return environ.get(variable.lower()) or environ.get(variable, "")


def _problem(proxy: str) -> tuple[str, str] | None:
    """What is wrong with it, and what to do."""
    scheme = proxy.partition("://")[0].lower()
    if not _names_a_host(proxy):
        return ("is no address", "write it like http://proxy.example:3128, or unset it")
    if scheme in {"http", "https"}:
        return None
    if scheme not in _SOCKS:
        return (
            f"names a {scheme}:// proxy, which cannot be used",
            "http://, https:// and socks5:// can, or unset it",
        )
    if importlib.util.find_spec(_SOCKS_SUPPORT) is not None:
        return None
    return (
        f"names a SOCKS proxy, and the package {_SOCKS_SUPPORT!r} it needs is not installed",
        f"install it beside Burnless (pip install {_SOCKS_SUPPORT}), or use an HTTP proxy",
    )


def _names_a_host(proxy: str) -> bool:
    try:
        parts = urlsplit(proxy)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
