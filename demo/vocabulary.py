"""The words of the demo mall: read from the YAML files beside this module and checked before anything is made.

``vocabulary/[a-z]*.yaml`` hold one department each, ``vocabulary/_*.yaml`` what all departments share.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError, model_validator

from demo.entries import Department, Entry, Guides, Persona, Speech, Wish, Words
from retrieval.errors import InputError

FOLDER = Path(__file__).parent / "vocabulary"
MOST_TOLD = 5
Model = TypeVar("Model", bound=Entry)


class Vocabulary(Entry):
    """All words of the mall, in file order."""

    departments: tuple[Department, ...]
    personas: tuple[Persona, ...]
    shop_words: Words
    speech: Speech
    guides: Guides
    queries: dict[str, tuple[Wish, ...]]
    related: tuple[tuple[str, str], ...]

    @model_validator(mode="after")
    def _agrees(self) -> Vocabulary:
        leaves = [c.leaf for d in self.departments for c in d.categories]
        if twice := {leaf for leaf in leaves if leaves.count(leaf) > 1}:
            raise ValueError(f"leaf categories named twice: {sorted(twice)}")
        kinds = {c.leaf: {kind.key for kind in c.kinds} for d in self.departments for c in d.categories}
        for wish in itertools.chain.from_iterable(self.queries.values()):
            known = set[str]().union(*(kinds.get(leaf, ()) for leaf in wish.leaves))
            if unknown := (set(wish.leaves) - set(kinds)) | (set(wish.kind) - known):
                raise ValueError(f"query {wish.q!r}: no such category or kind: {sorted(unknown)}")
        if unknown := {leaf for pair in self.related for leaf in pair} - set(leaves):
            raise ValueError(f"related: no such category: {sorted(unknown)}")
        names = set(leaves) | {d.department for d in self.departments}
        for persona in self.personas:
            if unknown := set(persona.interests) - names:
                raise ValueError(f"persona {persona.name!r}: no such interest: {sorted(unknown)}")
        return self


def load_vocabulary(folder: Path = FOLDER) -> Vocabulary:
    """Read and check every file of ``folder``; `InputError` names the file or entry that is wrong."""
    departments = tuple(_read(path, Department) for path in sorted(folder.glob("[a-z]*.yaml")))
    shared: dict[str, Any] = {"departments": departments}
    for path in sorted(folder.glob("_*.yaml")):
        shared.update(_parse(path))
    return _check(shared, Vocabulary, folder)


def _read(path: Path, model: type[Model]) -> Model:
    return _check(_parse(path), model, path)


def _parse(path: Path) -> dict[str, Any]:
    # The libyaml loader is ten times faster; the pure one reads the same where it is not built in.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        parsed = yaml.load(path.read_text("utf-8"), Loader=loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(f"cannot read the vocabulary file {path.name}: {error}", field=str(path)) from error
    if not isinstance(parsed, dict):
        raise InputError(f"the vocabulary file {path.name} is not a mapping", field=str(path))
    return parsed


def _check(parsed: dict[str, Any], model: type[Model], path: Path) -> Model:
    try:
        return model.model_validate(parsed)
    except ValidationError as error:
        told = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:MOST_TOLD])
        raise InputError(f"{path.name}: {'; '.join(told)}", field=str(path)) from error
