"""The one link that holds a large person together, where there is one."""

from collections.abc import Iterable, Mapping

Edge = tuple[int, int]


def dividing_bridge(
    edges: Iterable[Edge], weight: Mapping[int, int]
) -> tuple[Edge, int, int] | None:
    """Return the link whose removal splits a component most evenly, and the weight of both sides.

    None where no single link holds it together. The lighter side comes first.

    Args:
        edges: The links of one component; parallel ones count once.
        weight: What each node counts for; others count for nothing.

    Source: Tarjan, A note on finding the bridges of a graph (1974).
    """
    near: dict[int, list[int]] = {}
    for one, other in sorted({(min(edge), max(edge)) for edge in edges}):
        near.setdefault(one, []).append(other)
        near.setdefault(other, []).append(one)
    order, parent = _walk(near)
    place = {node: at for at, node in enumerate(order)}
    total = sum(weight.get(node, 0) for node in order)
    below = {node: weight.get(node, 0) for node in order}
    low = dict(place)
    found: list[tuple[int, Edge]] = []
    for node in reversed(order):
        for other in near[node]:
            if other != parent.get(node):
                low[node] = min(
                    low[node], low[other] if parent.get(other) == node else place[other]
                )
        if node not in parent:
            continue
        above = parent[node]
        below[above] += below[node]
        if low[node] == place[node]:
            lighter = min(below[node], total - below[node])
            found.append((-lighter, (min(node, above), max(node, above))))
    if not found or not min(found)[0]:
        return None
    lighter, edge = -min(found)[0], min(found)[1]
    return edge, lighter, total - lighter


def _walk(near: Mapping[int, list[int]]) -> tuple[list[int], dict[int, int]]:
    """Return the nodes depth first, and each one's parent; the first has none."""
    order: list[int] = []
    parent: dict[int, int] = {}

    stack: list[tuple[int, int | None]] = [(min(near), None)] if near else []
    seen: set[int] = set()
    while stack:
        node, above = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        order.append(node)
        if above is not None:
            parent[node] = above
        stack.extend((other, node) for other in reversed(near[node]) if other not in seen)
    return order, parent
