"""What a session without a login may do: nothing, but sign one slot, once its door was opened.

The session holds numbers only, never a secret. Its key changes at every hand-over, and nothing of a login before is
left in it: a host who hands the tablet over hands no rights over.
"""

from dataclasses import asdict, dataclass

from agencies.http import Request

KEY = "door"
LINK_SECONDS, HOSTED_SECONDS = 3600, 20 * 60


@dataclass(frozen=True)
class Door:
    """Either a link, opened or not, or a host beside the slot's holder; afterwards the signature that came of it."""

    link: int | None = None
    opened: bool = False
    host: int | None = None
    proof: str = ""  # what the host's own session rests on: a new password ends both
    slot: int | None = None
    signature: int | None = None


def begin(request: Request, door: Door) -> None:
    """End whatever the session was, its login too, and begin a new one that knows this door alone."""
    request.session.flush()
    request.session[KEY] = asdict(door)
    request.session.set_expiry(HOSTED_SECONDS if door.host else LINK_SECONDS)


def of(request: Request) -> Door | None:
    """A session with a login has no door: who is logged in signs from the tasks."""
    kept = request.session.get(KEY)
    return Door(**kept) if kept and not request.user.is_authenticated else None


def leave(request: Request) -> None:
    request.session.flush()
