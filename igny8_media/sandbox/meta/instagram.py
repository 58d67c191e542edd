"""Instagram, played by its contract (sections 3 and 5); it lives at the Graph API's addresses."""

from igny8_media.sandbox.call import Platform, Route
from igny8_media.sandbox.meta import instagram_containers
from igny8_media.sandbox.meta.graph import broken, expired, limited, usage
from igny8_media.sandbox.meta.people import INSTAGRAM_SCOPES, described

_UPLOAD = "/rupload/ig-api-upload/{version}/{upload}"
platform = Platform(
    "instagram",
    routes=(
        Route("POST", _UPLOAD, instagram_containers.upload, "upload"),
        Route("GET", _UPLOAD, instagram_containers.uploaded, "status"),
    ),
    kinds={"business": INSTAGRAM_SCOPES},
    lifetime=None,
    refreshes=False,
    describe=lambda person: described(person.name),
    limited=limited,
    unauthorized=lambda _: expired().response,
    broken=broken,
    headers=usage,
)
