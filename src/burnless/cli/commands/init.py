"""`agent init`: write a commented configuration for what is found on this machine."""

from __future__ import annotations

import os
import sys

from burnless.cli.commands.finding import here
from burnless.providers.cards import detect_providers
from burnless.providers.catalog import providers
from burnless.providers.local_servers import find_local_servers
from burnless.state.starter_config import (
    FoundProvider,
    LocalServer,
    starter_text,
    write_starter,
)


def init() -> int:
    """Raises InputProblem where there is a configuration already: it is never overwritten."""
    found = _providers()
    servers = _servers()
    path = write_starter(here(), starter_text(found, servers))
    sys.stdout.write(f"wrote {path}\n")
    for provider in found:
        sys.stdout.write(f"  {provider.name}: key found in {provider.key_env}\n")
    for server in servers:
        count = len(server.models)
        sys.stdout.write(f"  {server.name}: answers at {server.base_url}, {count} models\n")
    if not found and not servers:
        sys.stdout.write(
            "  no key and no local server was found: set a key (e.g. ANTHROPIC_API_KEY) or name"
            " your models in the file\n"
        )
    sys.stdout.write('next: agent doctor, then agent "what to do"\n')
    return 0


def _providers() -> list[FoundProvider]:
    """Those whose key is in the environment; the key itself is not looked at."""
    return [
        FoundProvider(
            found.name,
            found.key_env,
            {tier: f"{found.name}/{model}" for tier, model in providers()[found.name].tiers},
        )
        for found in detect_providers(os.environ)
        if found.has_key
    ]


def _servers() -> list[LocalServer]:
    return [
        LocalServer(found.provider, found.base_url, found.models) for found in find_local_servers()
    ]
