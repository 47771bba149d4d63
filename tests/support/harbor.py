"""A generated repository of the size of an open-source project, and the refactoring it needs."""

from __future__ import annotations

PACKAGES = 16
MODULES = 20
USERS = 14
"""How many modules use the function that is renamed and moved."""

OLD_FILE, NEW_FILE = "harbor/core/rates.py", "harbor/money/rates.py"
RATES = (
    '"""Rates of exchange."""\n\nRATES = {"eur": 3, "usd": 2}\n\n\n'
    "def %s(code):\n    return RATES[code]\n"
)
"""The file with the function's name left out."""

CHECK = "python -m unittest -q tests.test_prices"


def harbor_files() -> dict[str, str]:
    """More than 300 files: packages of small modules, some of them users of `fetch_rate`."""
    files = {
        "README.md": "# Harbor\n\nAccounts for a harbour.\n",
        "AGENTS.md": f"Run `{CHECK}` before you say that it works.\n",
        "harbor/__init__.py": "",
        "harbor/core/__init__.py": "",
        "harbor/money/__init__.py": "",
        OLD_FILE: RATES % "fetch_rate",
        "tests/__init__.py": "",
        "tests/test_prices.py": _tests(),
    }
    for package in range(PACKAGES):
        files[f"harbor/p{package:02}/__init__.py"] = ""
        for module in range(MODULES):
            files[f"harbor/p{package:02}/m{module:02}.py"] = _module(package, module)
    for number, path in enumerate(users()):
        files[path] = _user(number)
    return files


def users() -> list[str]:
    return [f"harbor/p{number % PACKAGES:02}/prices_{number:02}.py" for number in range(USERS)]


def edits() -> list[dict[str, str]]:
    """What turns a user of the old name into one of the new."""
    return [
        {
            "old": "from harbor.core.rates import fetch_rate",
            "new": "from harbor.money.rates import rate_of",
        },
        {"old": "fetch_rate(code)", "new": "rate_of(code)"},
    ]


def _module(package: int, module: int) -> str:
    lines = [f'"""Part {module} of package {package}."""', ""]
    for number in range(6):
        lines += [
            "",
            f"def berth_{number}(ships):",
            f"    free = {package + module + number} - len(ships)",
            "    return max(free, 0)",
            "",
        ]
    return "\n".join(lines) + "\n"


def _user(number: int) -> str:
    padding = "".join(
        f"\n\ndef toll_{at}(tons):\n    return tons * {number + at} + {at}\n" for at in range(90)
    )
    return (
        f'"""Prices {number}."""\n\nfrom harbor.core.rates import fetch_rate\n\n\n'
        f"def price(code, tons):\n    return fetch_rate(code) * tons + {number}\n{padding}"
    )


def _tests() -> str:
    imports = "".join(
        f"from {path.removesuffix('.py').replace('/', '.')} import price as price_{number}\n"
        for number, path in enumerate(users())
    )
    cases = "".join(
        f"\n    def test_{number}(self):\n"
        f'        self.assertEqual(price_{number}("eur", 5), {15 + number})\n'
        for number in range(USERS)
    )
    return f"import unittest\n\n{imports}\n\nclass PricesTest(unittest.TestCase):{cases}"
