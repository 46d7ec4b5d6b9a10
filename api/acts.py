"""What operators did at the desk, by kind: acts that change what shoppers see or what is known. Looks do not count."""

from __future__ import annotations

from collections.abc import Mapping

ACTS: Mapping[tuple[str, str], str] = {
    ("POST", "/v1/admin/rules/publish"): "rules_published",
    ("POST", "/v1/admin/rules/rollback"): "rules_rolled_back",
    ("POST", "/v1/admin/takedowns"): "taken_down",
    ("POST", "/v1/admin/takedowns/restore"): "restored",
    ("DELETE", "/v1/admin/takedowns/{target}"): "restored",
    ("PUT", "/v1/dictionaries/{name}"): "dictionary_edited",
    ("POST", "/v1/admin/generations/serve"): "generation_switched",
    ("POST", "/v1/admin/listing/verdict"): "listing_decided",
    ("POST", "/v1/admin/judging"): "set_made",
    ("POST", "/v1/admin/judging/{name}/grades"): "graded",
}
"""(method, path as `api.auth.table` has it) → kind."""

LOOKS = frozenset({
    ("POST", "/v1/admin/takedowns/check"), ("POST", "/v1/dictionaries/{name}/preview"),
    ("POST", "/v1/admin/rules/validate"), ("POST", "/v1/admin/rules/preview"),
})  # fmt: skip
"""What is posted because it is long, and changes nothing."""


def act_of(method: str, route: str, status: int) -> str | None:
    """The kind of an act that was done, None of anything else."""
    return ACTS.get((method, route)) if status < 300 else None
