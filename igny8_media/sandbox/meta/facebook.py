"""Facebook Pages, played by their contract (sections 3 and 4)."""

from igny8_media.sandbox.call import Platform
from igny8_media.sandbox.meta import routes as graph_routes
from igny8_media.sandbox.meta.graph import broken, expired, limited, usage
from igny8_media.sandbox.meta.people import PAGE_SCOPES, SCOPES, TASKS

platform = Platform(
    "facebook",
    routes=graph_routes.routes,
    kinds={"page": PAGE_SCOPES, "user": SCOPES},
    lifetime=None,
    refreshes=False,
    describe=lambda person: {"page_tasks": list(TASKS)} if person.kind == "page" else {},
    limited=limited,
    unauthorized=lambda _: expired().response,
    broken=broken,
    headers=usage,
)
