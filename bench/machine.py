"""The machine and the versions a run was measured with."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path


def machine_facts() -> dict[str, str]:
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cpu": f"{os.cpu_count()} x {_cpu_name()}",
        "load": " ".join(f"{load:.2f}" for load in os.getloadavg()),
        "burnless": version("burnless-agent"),
        "anthropic": version("anthropic"),
        "openai": version("openai"),
    }


def _cpu_name() -> str:
    cpus = Path("/proc/cpuinfo")
    if cpus.exists():
        for line in cpus.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"
