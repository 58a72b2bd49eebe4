"""Lines in SVG, for light and dark pages."""
import math

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 360, 64, 150, 40, 48
COLORS = ("#2f6fde", "#d9622b", "#2e9e62", "#a04fc4")
STYLE = ("text{font:13px sans-serif;fill:#333}.grid{stroke:#ccc}.title{font-weight:bold}"
         "@media(prefers-color-scheme:dark){text{fill:#ddd}.grid{stroke:#444}}")


def ticks(low, high):
    """Powers of ten, with 2 and 5 between them where they are few."""
    span = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = (1,) if len(span) > 4 else (1, 2, 5)
    return [step * 10.0 ** power for power in span for step in steps if low <= step * 10.0 ** power <= high * 1.0001]


def svg(title, x_name, y_name, lines):
    """lines: name -> points (x, y), all over 0; both axes are logarithmic."""
    points = [point for line in lines.values() for point in line]
    low_x, high_x = min(x for x, _ in points), max(x for x, _ in points)
    low_y, high_y = min(y for _, y in points) / 1.5, max(y for _, y in points) * 1.5

    def across(x):
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log(x / low_x) / math.log(high_x / low_x)

    def down(y):
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * math.log(y / low_y) / math.log(high_y / low_y)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">', f"<title>{title}</title>",
           f"<style>{STYLE}</style>", f'<text class="title" x="{LEFT}" y="22">{title}</text>']
    for y in ticks(low_y, high_y):
        out.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{down(y):.1f}" y2="{down(y):.1f}"/>'
                   f'<text x="{LEFT - 6}" y="{down(y) + 4:.1f}" text-anchor="end">{y:g}</text>')
    for x in sorted({round(x) for x, _ in points}):
        out.append(f'<text x="{across(x):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{x:g}</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">{x_name}</text>'
               f'<text x="14" y="{HEIGHT / 2}" text-anchor="middle" transform="rotate(-90 14 {HEIGHT / 2})">{y_name}</text>')
    placed = []
    for color, (name, line) in zip(COLORS, lines.items()):
        path = " ".join(f"{across(x):.1f},{down(y):.1f}" for x, y in line)
        out.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>')
        out += [f'<circle cx="{across(x):.1f}" cy="{down(y):.1f}" r="3" fill="{color}"/>' for x, y in line]
        label = down(line[-1][1]) + 4
        while any(abs(label - other) < 15 for other in placed):
            label += 3
        placed.append(label)
        out.append(f'<text x="{WIDTH - RIGHT + 8}" y="{label:.1f}" style="fill:{color}">{name}</text>')
    return "\n".join(out) + "\n</svg>\n"
