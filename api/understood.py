"""How a query was understood, as JSON: every decision with its words, so that each can be shown and taken back."""

from __future__ import annotations

from typing import Any

from api.requests import filters_in_request_form
from retrieval.understanding.plan import Action, Autopsy, Cause, Constraint, Understood


def understood_answer(understood: Understood | None) -> dict[str, Any] | None:
    """The field ``understood``; null where understanding is off."""
    if understood is None:
        return None
    plan = understood.plan
    correction, intent = plan.correction, plan.intent
    return {
        "query": plan.query,
        "searched": plan.text.normalized,
        "rewrite": plan.rewrite and {"text": plan.rewrite.text, "rules": list(plan.rewrite.rules)},
        "correction": correction
        and {
            "text": correction.text,
            "kind": correction.kind,
            "confidence": round(correction.confidence, 4),
            "action": correction.action,
        },
        "constraints": [
            *(_constraint(c, plan.query, _state(c, understood)) for c in plan.constraints),
            *(_constraint(c, plan.query, "ignored") for c in plan.ignored),
        ],
        "entities": [
            {
                "kind": entity.kind.value,
                "value": entity.value,
                "text": plan.query[entity.start : entity.end],
                "start": entity.start,
                "end": entity.end,
                "confidence": round(entity.confidence, 4),
                "source": entity.source,
            }
            for entity in plan.entities
        ],
        "term_weights": dict(plan.term_weights),
        "categories": [{"category": guess.category, "probability": guess.probability} for guess in plan.categories],
        "category_entropy": round(plan.category_entropy, 4),
        "intent": intent
        and {
            "kind": intent.kind,
            "strength": round(intent.strength, 4),
            "parts": {name: round(part, 4) for name, part in intent.parts.items()},
        },
        "language": {"usage": _rounded(plan.language.usage), "likelihood": _rounded(plan.language.likelihood)},
        "autopsy": understood.autopsy and _autopsy(understood.autopsy),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _state(constraint: Constraint, understood: Understood) -> str:
    if constraint.id in understood.relaxed:
        return "relaxed"
    return "applied" if constraint.id in understood.applied else "overridden"


def _constraint(constraint: Constraint, query: str, state: str) -> dict[str, Any]:
    # Amounts become tokens of this catalogue, often hundreds: their range says it better.
    filters = filters_in_request_form(constraint.filters)
    base, least, most = constraint.amount or (None, None, None)
    return {
        "id": constraint.id,
        "kind": constraint.kind,
        "label": constraint.label,
        "text": query[constraint.start : constraint.end],
        "start": constraint.start,
        "end": constraint.end,
        "state": state,
        "filters": filters,
        "amount": {"unit": base, "min": least, "max": most} if base else None,
        "sort": constraint.sort,
        "boosts": list(constraint.boosts),
    }


def _autopsy(autopsy: Autopsy) -> dict[str, Any]:
    return {
        "causes": list(map(cause_answer, autopsy.causes)),
        "suggestions": list(autopsy.suggestions),
    }


def cause_answer(cause: Cause) -> dict[str, Any]:
    """A cause of an empty answer."""
    return {
        "kind": cause.kind,
        "text": cause.text,
        "hits_without": cause.hits_without,
        "action": _action(cause.action),
    }


def _action(action: Action) -> dict[str, Any]:
    return {"ignore": list(action.ignore), "drop_filters": list(action.drop_filters), "query": action.query}
