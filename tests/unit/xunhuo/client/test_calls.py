"""The client says and reads what the service takes and answers; each is held against the service's own description.

1. Every call goes to a route that there is.
2. What a search and a feed may say are the fields that the service takes.
3. Every field of an answer is one of the service's, and may be null where that may.
4. An id is encoded; what changes something carries a key, another one each time, or the one that is given.
"""

from __future__ import annotations

import re
from typing import Any, get_type_hints

import msgspec
import pytest
from pydantic import BaseModel
from starlette.routing import compile_path

from api import answer_schema, changes_schema, interest_schema, mall_page_schema, mall_schema, video_schema
from api.auth.table import LINES
from api.schemas import SearchBody
from xunhuo.client import Call, answers, calls, page_answers

ALL: list[Call[Any]] = [
    calls.search("杯", size=3), calls.feed(user_id="u1", personalize=False), calls.product("a/b"), calls.similar("p1"),
    calls.moments("p1"), calls.related("杯"), calls.video("v1"), calls.events([{"ts": 1, "type": "click"}]),
    calls.channels(category="女装"), calls.shop("s/1"),
    calls.campaigns(user_id="u1"), calls.campaign("new", offset=20),
    calls.apply([]), calls.patch("p1", {"price": 1}), calls.delete("p1"),
]  # fmt: skip
MODELS: dict[type[msgspec.Struct], type[BaseModel]] = {
    answers.SearchAnswer: answer_schema.SearchAnswer,
    answers.Hit: answer_schema.HitAnswer,
    answers.Sponsored: answer_schema.SponsoredAnswer,
    answers.Total: answer_schema.TotalAnswer,
    answers.FacetValue: answer_schema.FacetAnswer,
    answers.ProductAnswer: answer_schema.ProductAnswer,
    answers.Moment: video_schema.EvidenceAnswer,
    answers.LiveBadge: video_schema.LiveBadge,
    answers.VideoCard: video_schema.VideoCardAnswer,
    answers.VideoAnswer: video_schema.VideoAnswer,
    answers.MomentsAnswer: video_schema.MomentsAnswerShape,
    answers.Shown: mall_schema.ShownAnswer,
    answers.FeedAnswer: mall_schema.FeedAnswerShape,
    page_answers.Channel: mall_page_schema.ChannelAnswer,
    page_answers.FirstPage: mall_page_schema.FirstPage,
    page_answers.ChannelsAnswer: mall_page_schema.ChannelsAnswerShape,
    page_answers.ShopAnswer: mall_page_schema.ShopAnswerShape,
    page_answers.Campaign: mall_page_schema.CampaignIdentity,
    page_answers.RunningCampaign: mall_page_schema.RunningAnswer,
    page_answers.CampaignsAnswer: mall_page_schema.CampaignsAnswerShape,
    page_answers.CampaignAnswer: mall_page_schema.CampaignAnswerShape,
    answers.SimilarAnswer: mall_schema.SimilarAnswerShape,
    answers.RelatedAnswer: mall_schema.RelatedAnswerShape,
    answers.RelatedQuery: mall_schema.RelatedQueryAnswer,
    answers.EventsAnswer: interest_schema.EventsAnswer,
    answers.EventProblem: interest_schema.RejectedEvent,
    answers.ChangesAnswer: changes_schema.ChangesAnswer,
    answers.ChangeResult: changes_schema.ChangeResult,
    answers.ChangeProblem: changes_schema.ChangeProblem,
}


@pytest.mark.parametrize("call", ALL, ids=lambda call: f"{call.method} {call.path}")
def test_routes(call: Call[Any]) -> None:  # 1
    paths = [path for method, path in LINES if method == call.method]
    assert any(re.match(compile_path(path.replace("{id}", "{id:path}"))[0], call.path) for path in paths)


def test_what_may_be_said() -> None:  # 2
    assert set(get_type_hints(calls.SearchOptions)) == set(SearchBody.model_fields) - {"query"}
    assert set(get_type_hints(calls.FeedOptions)) == set(mall_schema.FeedParams.model_fields)
    assert set(get_type_hints(calls.PageOptions)) == set(mall_page_schema.ChannelsParams.model_fields)
    assert set(get_type_hints(calls.PageOptions)) == set(mall_page_schema.ShopParams.model_fields)
    assert calls.feed(personalize=False).params == {"personalize": "false"}


def test_every_answer_is_compared() -> None:
    named = [*vars(answers).values(), *vars(page_answers).values()]
    structs = {each for each in named if isinstance(each, type) and issubclass(each, msgspec.Struct)}
    assert structs == {*MODELS, answers.Answer, answers.Record}


@pytest.mark.parametrize("struct", MODELS, ids=lambda struct: struct.__name__)
def test_fields(struct: type[msgspec.Struct]) -> None:  # 3
    theirs = get_type_hints(MODELS[struct])
    ours = get_type_hints(struct)
    assert set(ours) - set(theirs) == set()
    nullable = {name: type(None) in getattr(kind, "__args__", ()) for name, kind in theirs.items()}
    assert {
        name for name, kind in ours.items() if (type(None) in getattr(kind, "__args__", ())) != nullable[name]
    } == set()


def test_ids_and_keys() -> None:  # 4
    assert calls.product("红/1 ?#").path == "/v1/products/%E7%BA%A2/1%20%3F%23"
    keys = {calls.apply([]).headers["Idempotency-Key"] for _ in range(3)}
    assert len(keys) == 3
    assert calls.patch("p1", {}, key="night-1").headers == {"Idempotency-Key": "night-1"}
    [named, own] = calls.events([{"ts": 1, "type": "click"}, {"id": "e1", "ts": 2, "type": "click"}]).body["events"]
    assert own["id"] == "e1"
    assert len(named["id"]) == 32
