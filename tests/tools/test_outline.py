from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.tools.outline import Entry, find_symbol, outline_of, render


def names(path: str, text: str) -> list[tuple[str, int, int]]:
    return [(entry.name, entry.first, entry.last) for entry in outline_of(path, text)]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            "a.py",
            (
                "@x\nclass A:\n    async def f(self):\n        def inner():\n            pass\n"
                "if True:\n    def g(): pass\n"
            ),
            [("A", 1, 5), ("A.f", 3, 5), ("A.f.inner", 4, 5), ("g", 7, 7)],
        ),
        (
            "broken.py",
            "class A:\n    def f(self):\n        return (\n",
            [("A", 1, 3), ("A.f", 2, 3)],
        ),
        (
            "a.ts",
            (
                "export class Shape {\n  area(): number {\n    return 1;\n  }\n}\n\n"
                "export const add = (a: number) => {\n  return a;\n};\n\n"
                "export async function go() {\n}\n"
                "interface Point {\n  x: number;\n}\n"
            ),
            [
                ("Shape", 1, 5),
                ("Shape.area", 2, 4),
                ("add", 7, 9),
                ("go", 11, 12),
                ("Point", 13, 15),
            ],
        ),
        (
            "a.rs",
            (
                "pub struct P {\n    x: i32,\n}\n\nimpl P {\n"
                "    pub fn new() -> Self {\n        P { x: 1 }\n"
                "    }\n}\n"
            ),
            [("P", 1, 3), ("P", 5, 9), ("P.new", 6, 8)],
        ),
        (
            "a.go",
            (
                "type Server struct {\n\taddr string\n}\n\n"
                "func (s *Server) Run() error {\n\treturn nil\n}\n"
            ),
            [("Server", 1, 3), ("Run", 5, 7)],
        ),
        (
            "a.rb",
            "module M\n  class A\n    def go?\n      1\n    end\n  end\nend\n",
            [("M", 1, 7), ("M.A", 2, 6), ("M.A.go?", 3, 5)],
        ),
        (
            "a.c",
            (
                "static int add(int a, int b)\n{\n    return a;\n}\n\n"
                "int main(void) {\n    if (x) {\n    }\n}\n"
            ),
            [("main", 6, 9)],
        ),
        (
            "a.java",
            "public class A {\n    private int f(String s) {\n        return 1;\n    }\n}\n",
            [("A", 1, 5), ("A.f", 2, 4)],
        ),
        (
            "a.md",
            "# Top\ntext\n## One\n```sh\n# not a heading\n```\n\n## Two\nx\n# Next\n",
            [("Top", 1, 9), ("One", 3, 6), ("Two", 8, 9), ("Next", 10, 10)],
        ),
        (
            "a.json",
            '{\n  "name": "x",\n  "scripts": {\n    "test": "y"\n  }\n}\n',
            [("name", 2, 2), ("scripts", 3, 6)],
        ),
        ("a.yaml", "a: 1\nb:\n  c: 2\nd-e:\n", [("a", 1, 1), ("b", 2, 3), ("d-e", 4, 4)]),
        (
            "a.toml",
            "top = 1\n[one]\nx = 1\n[[two.three]]\ny = 2\n",
            [("top", 1, 1), ("one", 2, 3), ("two.three", 4, 5)],
        ),
        ("a.txt", "nothing here\n", []),
    ],
)
def test_definitions_are_found_with_their_lines(
    path: str, text: str, expected: list[tuple[str, int, int]]
) -> None:
    assert names(path, text) == expected


def test_a_symbol_is_found_by_its_full_name_or_its_end() -> None:
    entries = outline_of(
        "a.py", "class A:\n    def f(self): pass\nclass B:\n    def f(self): pass\n"
    )
    assert [entry.name for entry in find_symbol(entries, "f")] == ["A.f", "B.f"]
    assert [entry.name for entry in find_symbol(entries, "B::f()")] == ["B.f"]
    assert find_symbol(entries, "g") == ()


def test_an_outline_is_indented_by_depth() -> None:
    entries = outline_of("a.py", "class A:\n    def f(self): pass\n")
    assert render(entries) == "1-2 class A:\n  2-2 def f(self): pass"


def test_too_many_entries_lose_the_deepest_first() -> None:
    inner = tuple(Entry(f"A.f{n}", n, n, 1, f"def f{n}") for n in range(200))
    assert render((Entry("A", 1, 200, 0, "class A"), *inner)) == (
        "1-200 class A\n[200 inner ones left out]"
    )


@given(st.text(st.sampled_from(list("abc {}()\n\t:#=\"'class def")), max_size=200))
def test_an_outline_never_raises_and_stays_inside_the_file(text: str) -> None:
    total = text.count("\n") + 1
    for suffix in ("py", "js", "md", "json", "yaml", "toml"):
        for entry in outline_of(f"a.{suffix}", text):
            assert 1 <= entry.first <= entry.last <= total
