"""LinkedIn, played by its contract: its applications' consent, and who is there.

Sources: authorization code flow, Sign In with OpenID, organization access control,
learn.microsoft.com/linkedin, 2026-10.
"""

from typing import Any, Final

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.call import Call, Platform, Route
from igny8_media.sandbox.linkedin import media as linkedin_media
from igny8_media.sandbox.linkedin import posts as linkedin_posts
from igny8_media.sandbox.linkedin import reading as linkedin_reading
from igny8_media.sandbox.linkedin import statistics as linkedin_statistics
from igny8_media.sandbox.linkedin.rest import (
    broken,
    limited,
    refuse,
    rest,
    signed_in,
    unauthorized,
)
from igny8_media.sandbox.oauth import (
    Denied,
    Rules,
    authorize,
    check_client,
    exchange,
    lasts,
    renew,
    someone,
)
from igny8_media.sandbox.state import Person, World

_MEMBER: Final = ("openid", "profile", "w_member_social")
_PAGE: Final = ("w_organization_social", "r_organization_social", "rw_organization_admin")
_RULES: Final = Rules(
    service="linkedin",
    label="LinkedIn",
    scopes=(
        *_MEMBER,
        "email",
        *_PAGE,
        "r_member_postAnalytics",
        "w_member_social_feed",
        "w_organization_social_feed",
    ),
    code_seconds=1800.0,
    access_seconds=5_184_000.0,
    # Partner applications get refresh tokens; their year is not extended by using them.
    refresh_seconds=31_536_000.0,
)


async def _authorize(call: Call) -> Response:
    return await authorize(call, _RULES)


async def _token(call: Call) -> Response:
    if call.content_type != "application/x-www-form-urlencoded":
        return _denied(Denied("invalid_request", "The body must be form-encoded."))
    form = await call.form()
    client = str(form.get("client_id", ""))
    try:
        # Only fields of the form: LinkedIn does not take HTTP Basic.
        check_client(call, client, str(form.get("client_secret", "")))
        match form.get("grant_type"):
            case "authorization_code":
                token = exchange(call, _RULES, form, client)
            case "refresh_token":
                token = renew(call, _RULES, form, client)
            case other:
                raise Denied("unsupported_grant_type", f"There is no grant type {other!r}.")
    except Denied as denied:
        return _denied(denied)
    answer: dict[str, Any] = {
        "access_token": token.access,
        "expires_in": lasts(call, token),
        "scope": ",".join(token.scopes),
        "token_type": "Bearer",
    }
    ends = token.refresh_expires_at
    if token.refresh and ends is not None:
        answer["refresh_token"] = token.refresh
        answer["refresh_token_expires_in"] = round(ends - call.world.now())
    return JSONResponse(answer)


def _denied(denied: Denied) -> Response:
    return JSONResponse(
        {"error": denied.error, "error_description": denied.description},
        status_code=401 if denied.error == "invalid_client" else 400,
    )


async def _userinfo(call: Call) -> Response:
    token = signed_in(call)
    person = call.owner(token)
    if not {"openid", "profile"} <= set(token.scopes) or person.kind != "person":
        raise refuse(
            403, "ACCESS_DENIED", "Not enough permissions to access: userinfo.GET.NO_VERSION"
        )
    given, _, family = person.name.partition(" ")
    return JSONResponse(
        {
            "sub": person.id,
            "name": person.name,
            "given_name": given,
            "family_name": family,
            "locale": {"country": "GB", "language": "en"},
        }
    )


async def _roles(call: Call) -> Response:
    token = rest(call)
    if "rw_organization_admin" not in token.scopes:
        raise refuse(403, "ACCESS_DENIED", "Not enough permissions to access: organizationAcls")
    if call.query("q") != "roleAssignee" or call.query("state", "APPROVED") != "APPROVED":
        raise refuse(400, "INVALID_VALUE_FOR_FIELD", "Roles are found by q=roleAssignee")
    person = call.owner(token)
    if person.kind == "person":
        someone(call, "organization")
        found = call.world.people_of("linkedin", "organization")
    else:
        found = [person]
    elements = [
        {
            "organization": f"urn:li:organization:{page.id}",
            "organizationTarget": f"urn:li:organization:{page.id}",
            "roleAssignee": f"urn:li:person:{person.id}",
            "role": "ADMINISTRATOR",
            "state": "APPROVED",
        }
        for page in found
    ]
    paging = {"start": 0, "count": len(elements), "links": [], "total": len(elements)}
    return JSONResponse({"paging": paging, "elements": elements})


async def _organization(call: Call) -> Response:
    token = rest(call)
    page = call.world.person("linkedin", call.path("id"))
    if page is None or page.kind != "organization":
        raise refuse(404, "NOT_FOUND", "There is no such organization")
    if "rw_organization_admin" not in token.scopes:
        raise refuse(403, "ACCESS_DENIED", "Not enough permissions to access: organizations")
    name = page.name.lower().replace(" ", "-")
    return JSONResponse({"id": int(page.id), "localizedName": page.name, "vanityName": name})


def _identify(world: World, kind: str) -> str:
    number = world.number() % 10**8
    return f"{10**8 + number}" if kind == "organization" else f"sandbox{number:03}"


def _describe(person: Person) -> dict[str, Any]:
    return {"urn": f"urn:li:{person.kind}:{person.id}"}


platform: Final = Platform(
    service="linkedin",
    routes=[
        Route("GET", "/linkedin/oauth/v2/authorization", _authorize),
        Route("POST", "/linkedin/oauth/v2/authorization", _authorize),
        Route("POST", "/linkedin/oauth/v2/accessToken", _token, "token"),
        Route("GET", "/linkedin/v2/userinfo", _userinfo),
        Route("GET", "/linkedin/rest/organizationAcls", _roles),
        Route("GET", "/linkedin/rest/organizations/{id}", _organization),
        *linkedin_posts.routes,
        *linkedin_reading.routes,
        *linkedin_statistics.routes,
        *linkedin_media.routes,
    ],
    kinds={"person": _MEMBER, "organization": _PAGE},
    lifetime=5_184_000.0,
    refreshes=False,
    identify=_identify,
    describe=_describe,
    limited=limited,
    unauthorized=unauthorized,
    broken=broken,
)
