from __future__ import annotations

import pytest

from burnless.cli.proxies import check_proxies
from burnless.core.errors import ConfigProblem

FINE: list[dict[str, str]] = [
    {},
    {"ALL_PROXY": ""},
    {"HTTPS_PROXY": "http://proxy.example:3128", "http_proxy": "proxy.example:3128"},
    {"ALL_PROXY": "socks5://127.0.0.1:1080", "NO_PROXY": "localhost, *"},
    {"ALL_PROXY": "socks5://127.0.0.1:1080", "all_proxy": "http://127.0.0.1:1080"},
]
WRONG = [
    ({"ALL_PROXY": "socks5h://me:pass@127.0.0.1:1080"}, "ALL_PROXY names a SOCKS proxy", "socksio"),
    ({"all_proxy": "socks5://127.0.0.1:1080"}, "ALL_PROXY names a SOCKS proxy", "NO_PROXY='*'"),
    ({"HTTPS_PROXY": "ftp://h:1"}, "HTTPS_PROXY names a ftp:// proxy", "socks5:// can"),
    ({"HTTP_PROXY": "http://h:many"}, "HTTP_PROXY is no address", "unset it"),
    ({"HTTP_PROXY": "http://[::1"}, "HTTP_PROXY is no address", "unset it"),
]


@pytest.mark.parametrize("environ", FINE)
def test_a_proxy_that_can_be_used_is_nothing_to_say(environ: dict[str, str]) -> None:
    check_proxies(environ)


@pytest.mark.parametrize(("environ", "message", "hint"), WRONG)
def test_a_proxy_that_cannot_be_used_is_named_without_its_password(
    environ: dict[str, str], message: str, hint: str
) -> None:
    with pytest.raises(ConfigProblem) as raised:
        check_proxies(environ)
    assert message in str(raised.value)
    assert hint in raised.value.hint
    assert "pass" not in f"{raised.value}"
