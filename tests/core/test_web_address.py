from __future__ import annotations

import pytest

from burnless.core.web_address import address_problem


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/v1",
        "https://api.example.com",
        "HTTPS://api.example.com/v1?x=a b",
        "http://[::1]:11434/v1",
        "http://[fe80::1%eth0]/v1",
        "http://user:secret@gateway.example/v1",
        "http://host:/v1",
        "http://bücher.example/v1",
        "http://my_server:65535#part",
    ],
)
def test_an_address_that_can_be_called_has_no_problem(url: str) -> None:
    assert address_problem(url) == ""


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "it does not begin with http:// or https://"),
        ("localhost:11434", "it does not begin with http:// or https://"),
        ("ftp://example.com", "it does not begin with http:// or https://"),
        ("http://", "it names no host"),
        ("http:///v1", "it names no host"),
        ("http://:80", "its host cannot be read"),
        ("http://[::1", "its host cannot be read"),
        ("http://a b:99999999", "its host and port cannot be read"),
        ("http://a%20b", "its host and port cannot be read"),
        ("http://h:many", "its host and port cannot be read"),
        ("http://h:1:2", "its host and port cannot be read"),
        ("http://h:0/v1", "there is no port 0"),
        ("http://h:65536", "there is no port 65536"),
        ("http://h:99999999", "there is no port 99999999"),
    ],
)
def test_what_cannot_be_called_is_told_why(url: str, problem: str) -> None:
    assert address_problem(url) == problem
