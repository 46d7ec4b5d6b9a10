"""What a caller may ask, checked: the JSON body of POST and the URL parameters of GET, which say the same things.

Unknown fields are errors. Prices are yuan, at most two decimals count: a lower bound is rounded up to the next fen
and an upper bound down, so no product outside the asked range passes.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

MAX_YUAN = 1e10

FacetName = Literal["category", "brand", "price", "quality", "labels", "services", "shop", "attributes"]
ChannelName = Literal["lexical", "semantic", "moments"]
FacetOrderName = Literal["count", "value"]
SortName = Literal["relevance", "sales", "price_asc", "price_desc", "newest"]
KindName = Literal["product", "video", "live"]
CHANNELS: list[ChannelName] = ["lexical", "semantic", "moments"]


def _no_nul(text: str) -> str:
    if "\0" in text:
        raise PydanticCustomError("nul", "NUL characters are not allowed")
    return text


def _names(given: Any) -> Any:
    """``["a,b", "c"]`` → ``["a", "b", "c"]``."""
    if not isinstance(given, list):
        return given
    return [name.strip() for text in given for name in str(text).split(",")]


def _facet_names(given: Any) -> Any:
    names = _names(given)
    return list(get_args(FacetName)) if names == ["all"] else names


def _came_from(given: Any) -> Any:
    """``video:v17:1700000000`` → its parts; an id may hold colons where a time follows."""
    if not isinstance(given, str):
        return given
    kind, _, rest = given.partition(":")
    name, colon, last = rest.rpartition(":")
    if colon and last.replace(".", "", 1).isdigit():
        return {"kind": kind, "id": name, "ts": float(last)}
    return {"kind": kind, "id": rest}


Text = Annotated[str, AfterValidator(_no_nul)]
Name = Annotated[str, AfterValidator(_no_nul), Field(max_length=256)]
Value = Annotated[str, AfterValidator(_no_nul), Field(min_length=1)]
Cursor = Annotated[str, AfterValidator(_no_nul), Field(min_length=1)]
Yuan = Annotated[float, Field(ge=0, le=MAX_YUAN, allow_inf_nan=False)]
Size = Annotated[int, Field(ge=0)]
Milliseconds = Annotated[float, Field(ge=10, allow_inf_nan=False)]


class PriceRange(BaseModel):
    """Bounds in yuan, inclusive; an absent one is open."""

    model_config = ConfigDict(extra="forbid", strict=True)

    min: Yuan | None = None
    max: Yuan | None = None


class FilterBody(BaseModel):
    """What every hit must satisfy: values of one field are alternatives, fields are combined with *and*."""

    model_config = ConfigDict(extra="forbid", strict=True)

    price: PriceRange | None = None
    brand: list[Value] = []
    category: list[Value] = Field(
        default=[], description="A path from the root, such as 家居日用/水具, or the start of one."
    )
    shop: list[Value] = []
    labels: list[Value] = []
    services: list[Value] = []
    quality: list[Value] = Field(default=[], description="Bands: 95-100, 90-95, 80-90, 60-80, 0-60.")
    attributes: dict[Value, list[Value]] = Field(default={}, description="Attribute name → accepted values.")
    in_stock: bool = False
    without: list[Value] = Field(default=[], description="Words that must not stand in any searched field.")


class CameFromBody(BaseModel):
    """What the shopper looked at before; an unknown id changes nothing."""

    model_config = ConfigDict(extra="forbid", strict=True)

    kind: Annotated[str, AfterValidator(_no_nul), Field(min_length=1, max_length=64)] = Field(examples=["video"])
    id: Annotated[str, AfterValidator(_no_nul), Field(min_length=1, max_length=256)]
    ts: Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)] | None = Field(
        default=None, description="Seconds since 1970; null: just now."
    )


class SearchBody(BaseModel):
    """The body of POST /v1/search."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {"query": "送妈妈的保温杯"},
                {
                    "query": "送妈妈的保温杯",
                    "filters": {"price": {"min": 50, "max": 200}, "attributes": {"颜色": ["红色"]}, "in_stock": True},
                    "sort": "sales",
                    "size": 10,
                    "facets": ["category", "brand", "price"],
                    "explain": True,
                },
            ]
        },
    )

    query: Text = Field(default="", description="What is looked for, as typed; an empty query finds nothing.")
    filters: FilterBody = FilterBody()
    sort: SortName = "relevance"
    size: Size | None = Field(default=None, description="Hits on a page; 0 gives the counts alone.")
    cursor: Cursor | None = Field(
        default=None, description="next_cursor of the page before; all but size and explain rest."
    )
    facets: list[FacetName] = []
    facet_order: FacetOrderName = Field(default="count", description="`value`: 8 before 110cm, S before XL.")
    explain: bool = Field(default=False, description="Give every part of every score.")
    near: bool = Field(default=True, description="False leaves out what stands under the divider.")
    channels: list[ChannelName] = Field(default=CHANNELS, min_length=1)
    kinds: list[KindName] = Field(default=["product"], min_length=1, description="What the page shows.")
    understand: bool = Field(default=True, description="False searches the words alone.")
    ignore: list[Value] = Field(
        default=[],
        max_length=50,
        description="Ids of `understood.constraints` that are not meant; `correction` keeps the spelling.",
    )
    timeout_ms: Milliseconds | None = Field(default=None, description="Budget; what is late is left out (`degraded`).")
    user_id: Name = Field(default="", description="Who asks. A cursor of a personal list goes on only with the same.")
    session_id: Name = ""
    personalize: bool = Field(default=True, description="False reads no profile; the list is everybody's.")
    came_from: CameFromBody | None = None
    carry_over: bool = Field(default=True, description="False leaves behind what was seen in feed and video.")


class SearchParams(BaseModel):
    """The URL parameters of GET /v1/search; the same abilities as the body of POST."""

    model_config = ConfigDict(extra="forbid")

    q: Text = Field(default="", description="What is looked for, as typed.", examples=["送妈妈的保温杯"])
    price_min: Yuan | None = Field(default=None, description="Yuan, inclusive.")
    price_max: Yuan | None = Field(default=None, description="Yuan, inclusive.")
    brand: list[Value] = []
    category: list[Value] = []
    shop: list[Value] = []
    label: list[Value] = []
    service: list[Value] = []
    quality: list[Value] = Field(default=[], description="Bands: 95-100, 90-95, 80-90, 60-80, 0-60.")
    attr: list[Value] = Field(
        default=[], description="颜色=红 or 颜色:红; cut at the first =, else at the first colon."
    )
    in_stock: bool = False
    without: list[Value] = []
    sort: SortName = "relevance"
    size: Size | None = None
    cursor: Cursor | None = None
    facets: Annotated[list[FacetName], BeforeValidator(_facet_names)] = Field(
        default=[], description="Comma list, or `all`."
    )
    facet_order: FacetOrderName = "count"
    explain: bool = False
    near: bool = Field(default=True, description="False leaves out what stands under the divider.")
    channels: Annotated[list[ChannelName], BeforeValidator(_names)] = Field(default=CHANNELS, min_length=1)
    kinds: Annotated[list[KindName], BeforeValidator(_names)] = Field(
        default=["product"], min_length=1, description="Comma list of what the page shows."
    )
    understand: bool = True
    ignore: Annotated[list[Value], Field(max_length=50)] = []
    timeout_ms: Milliseconds | None = None
    user_id: Name = ""
    session_id: Name = ""
    personalize: bool = True
    came_from: Annotated[CameFromBody | None, BeforeValidator(_came_from)] = Field(
        default=None, description="kind:id, e.g. video:v17, or kind:id:ts.", examples=["video:v17"]
    )
    carry_over: bool = True


REPEATABLE = frozenset(
    {
        "brand",
        "category",
        "shop",
        "label",
        "service",
        "quality",
        "attr",
        "facets",
        "channels",
        "kinds",
        "without",
        "ignore",
    }
)
"""Parameters that may stand more than once in a URL; the others are an error there, for which one would count?"""
