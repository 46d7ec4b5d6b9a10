"""Who may what: one line for each route, one column for each role. It is enforced, documented and tested from here.

`api.auth.route.GuardedRoute` looks its line up, and a route without one keeps the app from starting. The cells:

no    refused
yes   may ask; nobody's own things are in it
own   may ask; what concerns a shopper only with the token of that shopper (``X-Shopper-Token``)
any   may ask, for any shopper
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from retrieval.keys.key import Role

NOBODY = "nobody"
"""The column of those who show no key."""

TABLE = """
method path                                    nobody search events indexer operator admin
GET    /                                       yes    yes    yes    yes     yes      yes
GET    /web/{name}                             yes    yes    yes    yes     yes      yes
GET    /desk                                   yes    yes    yes    yes     yes      yes
GET    /web/desk/{name}                        yes    yes    yes    yes     yes      yes
GET    /openapi.json                           yes    yes    yes    yes     yes      yes
GET    /healthz                                yes    yes    yes    yes     yes      yes
GET    /readyz                                 yes    yes    yes    yes     yes      yes
GET    /metrics                                no     no     no     no      yes      yes
GET    /v1/search                              no     own    any    own     own      any
POST   /v1/search                              no     own    any    own     own      any
GET    /v1/mall/feed                           no     own    any    own     own      any
GET    /v1/mall/channels                       no     own    any    own     own      any
GET    /v1/mall/shops/{id}                     no     own    any    own     own      any
GET    /v1/mall/campaigns                      no     own    any    own     own      any
GET    /v1/mall/campaigns/{id}                 no     yes    yes    yes     yes      yes
GET    /v1/queries/related                     no     yes    yes    yes     yes      yes
GET    /v1/suggest                             no     own    any    own     own      any
GET    /v1/suggest/hot                         no     yes    yes    yes     yes      yes
GET    /v1/suggest/shade                       no     own    any    own     own      any
GET    /v1/products/{id}                       no     yes    yes    yes     yes      yes
GET    /v1/products/{id}/similar               no     yes    yes    yes     yes      yes
GET    /v1/products/{id}/also                  no     yes    yes    yes     yes      yes
GET    /v1/products/{id}/moments               no     yes    yes    yes     yes      yes
GET    /v1/videos/{id}                         no     yes    yes    yes     yes      yes
GET    /v1/videos/{id}/queries                 no     yes    yes    yes     yes      yes
GET    /v1/live                                no     yes    yes    yes     yes      yes
GET    /v1/live/{id}                           no     yes    yes    yes     yes      yes
POST   /v1/live/{id}/state                     no     no     yes    yes     yes      yes
GET    /v1/demo/shoppers                       no     yes    yes    yes     yes      yes
POST   /v1/events                              no     own    any    no      no       any
PUT    /v1/users/{id}/consent                  no     own    any    no      no       any
PUT    /v1/users/{id}/interests/{interest}/pin no     own    own    no      no       any
DELETE /v1/users/{id}/interests/{interest}     no     own    own    no      no       any
GET    /v1/users/{id}/profile                  no     own    own    no      no       any
GET    /v1/users/{id}/export                   no     own    own    no      no       any
DELETE /v1/users/{id}                          no     own    own    no      no       any
GET    /v1/dictionaries                        no     no     no     no      yes      yes
GET    /v1/dictionaries/{name}                 no     no     no     no      yes      yes
GET    /v1/admin/takedowns                     no     no     no     no      yes      yes
POST   /v1/admin/takedowns                     no     no     no     no      yes      yes
DELETE /v1/admin/takedowns/{target}            no     no     no     no      yes      yes
POST   /v1/admin/takedowns/check               no     no     no     no      yes      yes
POST   /v1/admin/takedowns/restore             no     no     no     no      yes      yes
GET    /v1/admin/takedowns/history             no     no     no     no      yes      yes
PUT    /v1/dictionaries/{name}                 no     no     no     no      yes      yes
POST   /v1/dictionaries/{name}/preview         no     no     no     no      yes      yes
POST   /v1/admin/products:batch                no     no     no     yes     no       yes
PATCH  /v1/admin/products/{id}                 no     no     no     yes     no       yes
DELETE /v1/admin/products/{id}                 no     no     no     yes     no       yes
GET    /v1/admin/rules                         no     no     no     no      yes      yes
GET    /v1/admin/rules/history                 no     no     no     no      yes      yes
GET    /v1/admin/rules/versions/{number}       no     no     no     no      yes      yes
POST   /v1/admin/rules/validate                no     no     no     no      yes      yes
POST   /v1/admin/rules/preview                 no     no     no     no      yes      yes
POST   /v1/admin/rules/publish                 no     no     no     no      yes      yes
POST   /v1/admin/rules/rollback                no     no     no     no      yes      yes
GET    /v1/admin/generations                   no     no     no     no      yes      yes
POST   /v1/admin/generations/serve             no     no     no     no      yes      yes
GET    /v1/admin/listing                       no     no     no     no      yes      yes
POST   /v1/admin/listing/verdict               no     no     no     no      yes      yes
GET    /v1/admin/fields                        no     no     no     no      yes      yes
GET    /v1/admin/fields/csv                    no     no     no     no      yes      yes
GET    /v1/admin/queries/unanswered            no     no     no     no      yes      yes
GET    /v1/admin/judging                       no     no     no     no      yes      yes
POST   /v1/admin/judging                       no     no     no     no      yes      yes
GET    /v1/admin/judging/{name}/next           no     no     no     no      yes      yes
POST   /v1/admin/judging/{name}/grades         no     no     no     no      yes      yes
GET    /v1/admin/judging/{name}/export         no     no     no     no      yes      yes
GET    /v1/admin/reports                       no     no     no     no      yes      yes
GET    /v1/admin/reports/{name}/{file}         no     no     no     no      yes      yes
"""


class Cell(StrEnum):
    """How far a role reaches on a route."""

    NO = "no"
    YES = "yes"
    OWN = "own"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Line:
    """A route; `nobody` and every role has its cell."""

    method: str
    path: str
    cells: Mapping[str, Cell]

    def of(self, role: Role | None) -> Cell:
        """The cell of a role; None: of those without a key."""
        return self.cells[role.value if role else NOBODY]


def read(table: str) -> dict[tuple[str, str], Line]:
    """(method, path) → line. Raises ValueError where a line has too few cells, an unknown one, or stands twice."""
    head, *rows = (line.split() for line in table.strip().splitlines())
    columns = head[2:]
    if columns != [NOBODY, *Role]:
        raise ValueError(f"the columns are {columns}")
    lines: dict[tuple[str, str], Line] = {}
    for method, path, *cells in rows:
        if len(cells) != len(columns) or (method, path) in lines:
            raise ValueError(f"{method} {path} has {len(cells)} cells, or stands twice")
        lines[method, path] = Line(method, path, dict(zip(columns, map(Cell, cells), strict=True)))
    return lines


LINES = read(TABLE)
"""(method, path) → its line; paths as the description of the API has them."""
