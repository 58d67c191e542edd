"""One request to a platform, the routes it can take, and the faults that befall it there."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route as WebRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from igny8_media.sandbox.faults import Cut, Fault, Faults, Truncated
from igny8_media.sandbox.state import NEVER, Person, Token, World


class Refuse(Exception):
    """Ends a request from any depth with this response."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


class Call:
    """What an endpoint is handed."""

    def __init__(self, request: Request, world: World, faults: Faults, platform: "Platform"):
        self.request = request
        self.world = world
        self.platform = platform
        self.service = platform.service
        """Set by a route whose role function names another one (Meta's share their addresses)."""
        self._faults = faults

    @property
    def origin(self) -> str:
        """The sandbox's own address, without a slash at its end."""
        return str(self.request.base_url).rstrip("/")

    def path(self, name: str) -> str:
        return str(self.request.path_params[name])

    def query(self, name: str, default: str = "") -> str:
        return self.request.query_params.get(name, default)

    def header(self, name: str) -> str:
        return self.request.headers.get(name, "")

    @property
    def content_type(self) -> str:
        """Without its parameters, in lower case."""
        return self.header("content-type").partition(";")[0].strip().lower()

    async def json(self) -> Any:
        """The body; None where it is no JSON."""
        try:
            return await self.request.json()
        except ValueError:
            return None

    async def form(self) -> FormData:
        """The fields and files of a body in either of the forms' encodings."""
        return await self.request.form(max_part_size=16 << 20)

    def bearer(self, scheme: str = "bearer") -> str:
        """The token in the Authorization header, or nothing."""
        kind, _, value = self.header("authorization").partition(" ")
        return value.strip() if kind.lower() == scheme.lower() else ""

    def token(self, value: str | None = None) -> Token | None:
        """The live token that came with the request (or the one given) for this service."""
        token = self.world.token(self.bearer() if value is None else value)
        if token is None or token.service != self.service or not self.world.alive(token):
            return None
        return token

    def owner(self, token: Token) -> Person:
        return self.world.people[f"{token.service}/{token.user_id}"]

    def processing(self) -> dict[str, Any]:
        """How long something takes from now, and whether it fails then: {ready_at, failed}."""
        fate = self._faults.take_later(self.service)
        ready = self.world.now() + self.world.config.processing_seconds
        return {"ready_at": NEVER if fate == "stuck" else ready, "failed": fate is not None}


Endpoint = Callable[[Call], Awaitable[Response]]
RoleOf = Callable[[Call], Awaitable[str | tuple[str, str]]]
"""Tells the role from the request where the address alone does not (also the service, as
(service, role)); it may read the body, which the endpoint can read again."""


@dataclass(frozen=True)
class Route:
    """`dedupes` says that the endpoint refuses a second copy of the same request."""

    method: str
    path: str
    endpoint: Endpoint
    role: str | RoleOf = "other"
    dedupes: bool = False


def _limited(call: Call, after: float | None) -> Response:
    headers = {} if after is None else {"Retry-After": str(max(1, round(after)))}
    return Response(status_code=429, headers=headers)


@dataclass(frozen=True)
class Platform:
    """One platform: its routes, and the forms in which it refuses anything.

    `limited(call, after)` is its 429, with its own headers and `after` seconds, or bare for None.
    `headers(call)` go with every reply. `kinds` names the kinds of account and the scopes of each,
    the usual kind first; `lifetime` is an access token's in seconds (None: for ever), `refreshes`
    whether a new account gets a refresh token; `identify(world, kind)` makes an ID and `describe`
    an account's details.
    """

    service: str
    routes: Sequence[Route] = ()
    kinds: Mapping[str, Sequence[str]] = field(default_factory=lambda: {"person": ()})
    lifetime: float | None = 3600.0
    refreshes: bool = True
    identify: Callable[[World, str], str] = lambda world, _kind: str(world.number())
    describe: Callable[[Person], dict[str, Any]] = lambda _person: {}
    limited: Callable[[Call, float | None], Response] = _limited
    unauthorized: Callable[[Call], Response] = lambda _call: Response(status_code=401)
    broken: Callable[[Call], Response] = lambda _call: Response(status_code=500)
    headers: Callable[[Call], Mapping[str, str]] = lambda _call: {}


def add_person(
    world: World, platform: Platform, kind: str, name: str | None, scopes: list[str]
) -> Person:
    """A new account of this kind, as the platform makes them."""
    number = len(world.people_of(platform.service)) + 1
    person = Person(
        service=platform.service,
        id=platform.identify(world, kind),
        name=name or f"Sandbox {kind.capitalize()} {number}",
        kind=kind,
        scopes=scopes,
    )
    person.details.update(platform.describe(person))
    return world.add_person(person)


def serve(
    platform: Platform, world: World, faults: Faults, platforms: Mapping[str, Platform]
) -> list[WebRoute]:
    """The platform's routes for Starlette; `platforms` are all of them by service."""
    return [
        WebRoute(
            route.path, _Served(route, platform, world, faults, platforms), methods=[route.method]
        )
        for route in platform.routes
    ]


class _Body:
    """A request's body, as it is received. What was refused before it had come is read to its end:
    closing the connection while a client still sends would cost it the answer."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ended = False

    async def __call__(self) -> Message:
        message = await self._receive()
        self._ended = not message.get("more_body", False)
        return message

    async def drain(self) -> None:
        while not self._ended:
            await self()


class _Served:
    """One route with what surrounds every request: counting, latency, faults, saving."""

    def __init__(
        self,
        route: Route,
        platform: Platform,
        world: World,
        faults: Faults,
        platforms: Mapping[str, Platform],
    ) -> None:
        self._route, self._platform, self._platforms = route, platform, platforms
        self._world, self._faults = world, faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = _Body(receive)
        request = Request(scope, body)
        try:
            response = await self._answer(Call(request, self._world, self._faults, self._platform))
            if not isinstance(response, Cut):
                await body.drain()
            await response(scope, receive, send)
        except ClientDisconnect:
            await Cut()(scope, receive, send)
        finally:
            await request.close()

    async def _answer(self, call: Call) -> ASGIApp:
        world, route = self._world, self._route
        if world.config.latency_ms:
            await asyncio.sleep(world.config.latency_ms / 1000)
        role = route.role if isinstance(route.role, str) else await route.role(call)
        if isinstance(role, tuple):
            call.service, role = role
            call.platform = self._platforms[call.service]
        world.requests[call.service, role] += 1
        dedupes = route.dedupes and world.config.dedupes
        fault = self._faults.take(call.service, role, dedupes=dedupes)
        refused = await self._before(call, fault)
        if refused is not None:
            return refused
        response = await self._run(call)
        if fault and fault.kind == "duplicate":
            response = await self._run(call)
        if call.request.method not in ("GET", "HEAD"):
            world.save()
        return await self._after(call, fault, response)

    async def _run(self, call: Call) -> Response:
        try:
            response = await self._route.endpoint(call)
        except Refuse as refuse:
            response = refuse.response
        self._dress(call, response)
        return response

    def _dress(self, call: Call, response: Response) -> None:
        for name, value in call.platform.headers(call).items():
            response.headers.setdefault(name, value)

    async def _before(self, call: Call, fault: Fault | None) -> ASGIApp | None:
        """The reply of a fault that strikes before anything is done."""
        match fault.kind if fault else None:
            case "reset_before":
                return Cut()
            case "error_before":
                return call.platform.broken(call)
            case "limited":
                return call.platform.limited(call, fault.after if fault else 0.0)
            case "limited_bare":
                return call.platform.limited(call, None)
            case "unauthorized":
                response = call.platform.unauthorized(call)
                self._dress(call, response)
                return response
            case "late":
                await call.request.body()  # it cannot be read once the client has hung up
                await asyncio.sleep(fault.after if fault else 0.0)
        return None

    async def _after(self, call: Call, fault: Fault | None, response: Response) -> ASGIApp:
        """The reply, or what a fault makes of it when the work is done."""
        match fault.kind if fault else None:
            case "reset_after":
                return Cut()
            case "error_after":
                return call.platform.broken(call)
            case "truncate":
                return Truncated(response.status_code, response.raw_headers, bytes(response.body))
            case "slow":
                await asyncio.sleep(fault.after if fault else 0.0)
        return response
