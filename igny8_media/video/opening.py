"""The moment of a film that stands for it where a place takes no picture of its own."""

from igny8_media.video.layers import leaving, rests
from igny8_media.video.plan import ScenePlan


def title_moment(plan: ScenePlan) -> float | None:
    """Seconds from the start to where the type of the opening scene is read best: the middle of
    the first stretch with the most of it at rest, since places may miss by some frames. None where
    it shows no type, whose first frame is then as good as any."""
    scene = plan.scenes[0]
    standing = [
        sum(rests(layer, at) and not leaving(layer, at) for layer in scene.layers)
        for at in range(scene.frames)
    ]
    most = max(standing)
    if not most:
        return None
    first = standing.index(most)
    stretch = next(
        (n for n, count in enumerate(standing[first:]) if count != most), len(standing) - first
    )
    return round((first + stretch // 2) / plan.fps, 3)
