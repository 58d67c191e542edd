"""The sandbox's own addresses under /_sandbox: accounts, faults, what was published, requests."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from igny8_media.sandbox.call import Platform, add_person
from igny8_media.sandbox.faults import Faults, read_fault
from igny8_media.sandbox.state import Config, Person, Post, Token, World

_ACCOUNT: Final = (
    "service",
    "kind",
    "name",
    "scopes",
    "expires_in",
    "refresh",
    "details",
    "platform_user_id",
)


class Control:
    """What people and tests do to the world from outside."""

    def __init__(self, world: World, faults: Faults, platforms: Mapping[str, Platform]) -> None:
        self._world, self._faults, self._platforms = world, faults, platforms

    def routes(self) -> list[Route]:
        return [
            Route(f"/_sandbox/{path}", _told(endpoint), methods=[method])
            for method, path, endpoint in (
                ("GET", "accounts", self._accounts),
                ("POST", "accounts", self._add_account),
                ("POST", "revoke", self._revoke),
                ("GET", "faults", self._list_faults),
                ("POST", "faults", self._add_fault),
                ("DELETE", "faults", self._clear_faults),
                ("POST", "config", self._configure),
                ("GET", "posts", self._posts),
                ("POST", "delete", self._delete),
                ("GET", "requests", self._requests),
                ("POST", "reset", self._reset),
            )
        ]

    async def _accounts(self, _: Request) -> Any:
        return [asdict(person) for person in self._world.people.values()]

    async def _add_account(self, request: Request) -> Any:
        given = await _object(request, _ACCOUNT)
        platform = self._platforms.get(given.get("service", ""))
        if platform is None:
            raise ValueError(f"`service` is one of {', '.join(self._platforms)}.")
        kind = given.get("kind") or next(iter(platform.kinds))
        if kind not in platform.kinds:
            raise ValueError(f"{platform.service} has accounts of {', '.join(platform.kinds)}.")
        scopes = list(given.get("scopes") or platform.kinds[kind])
        person = self._known(platform, given.get("platform_user_id"))
        if person is None:
            person = add_person(self._world, platform, kind, given.get("name"), scopes)
        person.details.update(given.get("details") or {})
        token = self._world.issue(
            person,
            scopes,
            expires_in=given.get("expires_in", platform.lifetime),
            refresh=given.get("refresh", platform.refreshes),
        )
        self._world.save()
        return _account(person, token)

    def _known(self, platform: Platform, user_id: object) -> Person | None:
        """The account that is to get new tokens, as when its person connects it again."""
        if user_id is None:
            return None
        person = self._world.person(platform.service, str(user_id))
        if person is None:
            raise ValueError(f"{platform.service} has no account {user_id}.")
        return person

    async def _revoke(self, request: Request) -> Any:
        """Ends tokens: of one account or of a whole service, "access" (a refresh still works) or
        "all"."""
        given = await _object(request, ("service", "platform_user_id", "what"))
        what, ended = given.get("what", "all"), 0
        if what not in ("access", "all"):
            raise ValueError('`what` is "access" or "all".')
        for token in self._world.tokens.values():
            fits = token.service == given.get("service")
            if fits and given.get("platform_user_id", token.user_id) == token.user_id:
                ended += 1
                token.expires_at = 0.0
                token.revoked = token.revoked or what == "all"
        self._world.save()
        return {"ended": ended}

    async def _list_faults(self, _: Request) -> Any:
        return [asdict(fault) for fault in self._faults.waiting()]

    async def _add_fault(self, request: Request) -> Any:
        fault = read_fault(await _json(request))
        self._faults.add(fault)
        return asdict(fault)

    async def _clear_faults(self, _: Request) -> Any:
        self._faults.clear()
        return {}

    async def _configure(self, request: Request) -> Any:
        config = self._world.config
        given = await _object(request, tuple(field.name for field in fields(Config)))
        for name, value in given.items():
            now = getattr(config, name)
            if not isinstance(value, (int, float) if isinstance(now, float) else type(now)):
                raise ValueError(f"`{name}` is of another type than {type(now).__name__}.")
            setattr(config, name, value)
        return asdict(config)

    async def _posts(self, request: Request) -> Any:
        service = request.query_params.get("service")
        return [
            described(post, self._world)
            for post in self._world.posts
            if service in (None, post.service)
        ]

    async def _delete(self, request: Request) -> Any:
        """Take a post away by hand, behind everybody's back."""
        given = await _object(request, ("service", "id"))
        service, id = str(given.get("service")), str(given.get("id"))
        if not self._world.forget(service, id):
            raise ValueError(f"{service} has no post {id}.")
        self._world.save()
        return {}

    async def _requests(self, _: Request) -> Any:
        counts: dict[str, dict[str, int]] = {}
        for (service, role), count in self._world.requests.items():
            counts.setdefault(service, {})[role] = count
        return counts

    async def _reset(self, _: Request) -> Any:
        self._world.clear()
        self._faults.clear()
        self._world.save()
        return {}


def described(post: Post, world: World) -> dict[str, Any]:
    """A post as `GET /_sandbox/posts` lists it, with the platform's own things beside the rest."""
    person = world.person(post.service, post.account)
    return {
        **post.extra,
        "service": post.service,
        "id": post.id,
        "url": post.url,
        "account": post.account,
        "account_name": person.name if person else "",
        "kind": post.kind,
        "text": post.text,
        "media": post.media,
        "created_at": datetime.fromtimestamp(post.created_at, UTC).isoformat(),
        "state": post.state_at(world.now()),
    }


def _account(person: Person, token: Token) -> dict[str, Any]:
    ends = token.expires_at
    return {
        "service": person.service,
        "platform_user_id": person.id,
        "name": person.name,
        "kind": person.kind,
        "access_token": token.access,
        "refresh_token": token.refresh or None,
        "expires_at": None if ends is None else datetime.fromtimestamp(ends, UTC).isoformat(),
        "scopes": token.scopes,
        "details": person.details,
    }


async def _json(request: Request) -> Any:
    try:
        return await request.json()
    except ValueError:
        raise ValueError("The body is not JSON.") from None


async def _object(request: Request, names: tuple[str, ...]) -> dict[str, Any]:
    given = await _json(request)
    if not isinstance(given, dict):
        raise ValueError("The body is not a JSON object.")
    for name in given:
        if name not in names:
            raise ValueError(f"There is no field {name!r}; there are {', '.join(names)}.")
    return given


def _told(
    endpoint: Callable[[Request], Awaitable[Any]],
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            return JSONResponse(await endpoint(request))
        except ValueError as error:
            return JSONResponse({"error": str(error)}, status_code=400)

    return answer
