"""The verdict as a table, and the offsets over time as a picture (SVG)."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from statistics import median

from tests.listen.stage import Heard
from tests.listen.verdict import Ears, Verdict, percentile

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 1200, 420, 60, 30, 30
COLOURS = ("#2563eb", "#dc2626", "#059669")


def table(heard: Heard, verdict: Verdict) -> str:
    ears = Ears(heard)
    lines = [f"{'ms':34} {'median':>8} {'p95':>8} {'p99':>8} {'worst':>8} {'windows':>8}"]
    for browser, kind in enumerate(heard.options.browsers, 1):
        lines.append(_row(f"{browser} {_NAMES[kind]}, against the plan", ears.settled(browser)))
    for one, two in combinations(ears.browsers, 2):
        lines.append(_row(f"{one}–{two} apart", [abs(ms) for _, ms in ears.apart(one, two)]))
    lines.append("")
    for check in verdict.checks:
        mark = "ok" if check.is_passed else "FAILED"
        lines.append(f"{check.what:34} {check.figure:8.2f} {check.unit:2} ≤ {check.limit:g} {check.unit}  {mark}")
    for browser in ears.browsers:
        if joints := ears.joints(browser):
            gaps = ", ".join("not found" if joint.gap_ms is None else f"{joint.gap_ms:+.2f}" for joint in joints)
            silence = max(joint.silence_ms for joint in joints)
            lines.append(
                f"{browser}: natural changes with gaps of {gaps} ms (− overlap), silence up to {silence:.1f} ms"
            )
    for number, holes in enumerate(heard.holes, 1):
        if holes:
            lines.append(f"{number}: {len(holes)} holes in the music, {sum(ms for _, ms in holes):.0f} ms in all")
    base = heard.base
    real_time = "real-time" if heard.is_real_time else "no right to real-time"
    lines.append(
        f"time base ±{base.spread_ms:.2f} ms, sink {base.ppm:+.0f} ppm, load {heard.load:.1f}, {real_time} scheduling,"
        f" threads woken {heard.woken_late_ms:.1f} ms late (p99)"
    )
    return "\n".join(lines)


_NAMES = {"C": "Chromium", "F": "Firefox"}


def _row(name: str, values: list[float]) -> str:
    if not values:
        return f"{name:34} {'nothing was heard':>35}"
    middle = median(values)
    away = [abs(value - middle) for value in values] if name.endswith("plan") else values
    figures = (middle, *(percentile(away, share) for share in (95, 99, 100)))
    return f"{name:34} " + " ".join(f"{figure:8.2f}" for figure in figures) + f" {len(values):8}"


def picture(heard: Heard, path: Path) -> None:
    """Every window's offset against the plan, a colour for each browser, with what was done when."""
    ears = Ears(heard)
    found = [late for by_time in ears.late.values() for late in by_time.values()]
    middle = median(found) if found else 0.0
    reach = min(60.0, max(5.0, percentile([abs(late - middle) for late in found] or [5.0], 98) * 1.3))
    end = heard.marks[-1].at - heard.began

    def x(at: float) -> float:
        return LEFT + (at - heard.began) / end * (WIDTH - LEFT - 10)

    def y(late: float) -> float:
        within = max(-reach, min(reach, late - middle))
        return TOP + (reach - within) / (2 * reach) * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"',
        ' font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for step in range(-4, 5):
        late = middle + reach * step / 4
        parts.append(f'<path d="M{LEFT} {y(late):.1f}H{WIDTH - 10}" stroke="#{"999" if step == 0 else "e5e5e5"}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y(late) + 4:.1f}" text-anchor="end">{late:.1f}</text>')
    for mark in heard.marks[:-1]:
        named = mark.step.what + (f" {mark.step.browser}" if mark.step.browser else "")
        parts.append(f'<path d="M{x(mark.at):.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ccc" stroke-dasharray="3 3"/>')
        parts.append(f'<text x="{x(mark.at) + 2:.1f}" y="{HEIGHT - 10}" fill="#666">{named}</text>')
    for browser, kind in enumerate(heard.options.browsers, 1):
        colour = COLOURS[browser - 1]
        dots = "".join(
            f"M{x(at):.1f} {y(late):.1f}h0" for at, late in ears.late[browser].items() if at < heard.marks[-1].at
        )
        parts.append(f'<path d="{dots}" stroke="{colour}" stroke-width="3" stroke-linecap="round" opacity=".7"/>')
        name = f"{browser} {_NAMES[kind]}"
        parts.append(f'<text x="{LEFT + 130 * (browser - 1)}" y="18" fill="{colour}">● {name}</text>')
    parts.append(f'<text x="{WIDTH - 10}" y="18" text-anchor="end">ms late against the plan</text></svg>')
    path.write_text("\n".join(parts))
