"""Where labels go so that no two of them touch."""

from __future__ import annotations

from collections.abc import Sequence

# Mean advance of IBM Plex Sans [em]; a little wide, so that an estimate errs on the side of space.
ADVANCE = 0.6


def text_width(text: str, size: float) -> float:
    """Estimated width of `text` [px] at `size` [px]."""
    return len(text) * ADVANCE * size


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions near those wanted, at least `gap` apart and inside [low, high], in the same order of height.

    Labels that would touch are merged into a block centred on what they wanted (pool adjacent violators).
    When they cannot all fit, they keep their gap and run past `high`: the caller makes room.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    blocks: list[tuple[float, int]] = []  # centre wanted by the block's first label, labels in it
    for i in order:
        start, count = wanted[i], 1
        while blocks and start < blocks[-1][0] + blocks[-1][1] * gap:
            before, held = blocks.pop()
            start = (before * held + (start - held * gap) * count) / (held + count)
            count += held
        blocks.append((start, count))
    flat = [start + k * gap for start, count in blocks for k in range(count)]
    shift_up = max(0.0, flat[-1] - high) if flat else 0.0
    for k in range(len(flat) - 1, -1, -1):
        ceiling = high if k == len(flat) - 1 else flat[k + 1] - gap
        flat[k] = min(flat[k], ceiling) if shift_up else flat[k]
    for k in range(len(flat)):
        flat[k] = max(flat[k], low if k == 0 else flat[k - 1] + gap)
    placed = [0.0] * len(flat)
    for position, i in zip(flat, order, strict=True):
        placed[i] = position
    return placed


def lanes(spans: Sequence[tuple[float, float]], count: int) -> list[int | None]:
    """For each span, most important first, the first lane where it touches nothing; None without room."""
    taken: list[list[tuple[float, float]]] = [[] for _ in range(count)]
    chosen: list[int | None] = []
    for left, right in spans:
        free = next((k for k, held in enumerate(taken) if all(right <= a or left >= b for a, b in held)), None)
        if free is not None:
            taken[free].append((left, right))
        chosen.append(free)
    return chosen
