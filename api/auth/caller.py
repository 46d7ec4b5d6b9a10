"""Who asks, as far as it is known: a role, the key that showed it, and the shopper whose token came along."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from api.auth.table import Cell, Line
from api.errors import Forbidden, Unauthorized
from retrieval.keys.key import Role

BEARER = "Send Authorization: Bearer xh_…; `xunhuo keys create` makes a key."
TOKEN_HEADER = "X-Shopper-Token"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        role: None: no key was shown, where keys are asked for.
        key_id: of the key; "" without one.
        shopper: whose token came along; "" without one.
        tokens: whether this service knows how to read tokens of shoppers.
        proven: what concerns a shopper needs the shopper's token, whatever the table says.
    """

    role: Role | None
    key_id: str = ""
    shopper: str = ""
    tokens: bool = False
    proven: bool = False

    def reach(self, line: Line) -> Cell:
        """How far this caller reaches on a route.

        Raises:
            Unauthorized: a key is needed.
            Forbidden: the role of the key may not.
        """
        cell = line.of(self.role)
        if cell is Cell.NO:
            if self.role is None:
                raise Unauthorized("This needs a key.", field="authorization", hint=BEARER)
            may = [role.value for role in Role if line.of(role) is not Cell.NO]
            hint = f"Use a key of the role {' or '.join(may)}."
            raise Forbidden(f"A key of the role {self.role} may not do this.", field="authorization", hint=hint)
        return Cell.OWN if cell is Cell.ANY and self.proven else cell

    def check_user(self, user_id: str, reach: Cell) -> None:
        """Passes where this caller may ask about this shopper.

        Raises:
            Unauthorized: the token of the shopper is missing.
            Forbidden: the token is another shopper's, or this service cannot know who asks.
        """
        if self.shopper and self.shopper != user_id:
            hint = "Send the token of the shopper whom the request is about."
            raise Forbidden("The token is of another shopper.", field="user_id", hint=hint)
        if self.shopper or reach is Cell.ANY:
            return
        if not self.tokens:
            hint = "Set auth.shopper_secret_file or auth.shopper_jwks_file, or use a key that may act for shoppers."
            raise Forbidden("This service cannot know which shopper asks.", field="user_id", hint=hint)
        hint = f"Send {TOKEN_HEADER} with the token of the shopper whom the request is about."
        raise Unauthorized("The token of the shopper is missing.", field="user_id", hint=hint)


EVERYBODY = Caller(Role.ADMIN)
"""Who asks where nobody is asked for a key: an app that a program holds in its own hands, or one of this machine."""


def caller_of(request: Request) -> Caller:
    """Who sent a request, as `api.auth.door.Door` found."""
    caller: Caller = request.state.caller
    return caller


def check_user(request: Request, user_id: str | None) -> None:
    """Passes where the caller may ask about this shopper, or about none. Raises Unauthorized, Forbidden."""
    if user_id:
        caller_of(request).check_user(user_id, request.state.reach)
