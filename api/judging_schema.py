"""What is sent and answered about judgments; tests read real answers with it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.understood_schema import Shape

Text = Annotated[str, StringConstraints(max_length=512)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SetBody(_Body):
    """Queries that are to be judged, with the first `depth` that each finds now."""

    name: str = Field(min_length=1, max_length=40)
    queries: list[Text] = Field(min_length=1, max_length=200)
    depth: int = Field(10, ge=1, le=50)


class JudgeParams(_Body):
    """Who judges; with keys it is the key, whatever is said."""

    judge: str = Field("", max_length=64)


class GradesBody(_Body):
    """Grades of documents of one query: 0 不相关, 1 沾边, 2 基本符合, 3 完全符合."""

    judge: str = Field("", max_length=64)
    qid: str = Field(max_length=64)
    grades: dict[str, int] = Field(max_length=50)


class ExportParams(_Body):
    """Which of the two files that `xunhuo eval run` reads."""

    file: Literal["qrels", "queries"] = "qrels"


class AgreementAnswer(Shape):
    """Cohen's kappa of the blind grades, and the weighted one; null where none can be told. Table: a-b → documents."""

    pairs: int
    same: float
    kappa: float | None
    weighted: float | None
    table: dict[str, int]


class SetAnswer(Shape):
    """A set: documents to grade, judge → graded, and the agreement once both are through."""

    name: str
    by: str
    at: float
    queries: int
    size: int
    judges: dict[str, int]
    finished: bool
    agreement: AgreementAnswer | None


class SetsAnswer(Shape):
    """All of them, the newest first."""

    sets: list[SetAnswer]
    request_id: str


class PooledAnswer(Shape):
    """A document to grade."""

    id: str
    title: str
    about: str


class TopicAnswer(Shape):
    """A query and its documents, in an order that says nothing."""

    qid: str
    query: str
    documents: list[PooledAnswer]


class DisputedAnswer(Shape):
    """A document on which the judges differ; told once both are through."""

    qid: str
    query: str
    document: PooledAnswer
    grades: list[int]


class TaskAnswer(Shape):
    """What a judge does next; null: nothing, and then what is disputed."""

    judge: str
    topic: TopicAnswer | None
    given: dict[str, int]
    done: int
    size: int
    disputed: list[DisputedAnswer]
    request_id: str
