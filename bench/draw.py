# SPDX-License-Identifier: MIT
"""Groups of bars as SVG, for the measures that have a plot."""

BAR, GAP, HEIGHT = 18, 24, 260
LEFT, TOP = 70, 20


def step(high):
    """Between two lines of the grid: 1, 2 or 5 and zeros, 8 lines at most."""
    size = 1
    while True:
        for factor in 1, 2, 5:
            if high <= 8 * factor * size:
                return factor * size
        size *= 10


def bars(plot, path, title, unit, colours):
    """Draw @plot, {group: {name: figure}}, as @path.

    @colours, {name: colour}, gives the legend and its order."""
    high = max(max(group.values()) for group in plot.values())
    x = LEFT
    out = []
    for what, group in plot.items():
        begin = x
        for name, figure in group.items():
            size = HEIGHT * figure / high
            out.append(f'<rect x="{x}" y="{TOP + HEIGHT - size:.1f}" '
                       f'width="{BAR - 2}" height="{size:.1f}" '
                       f'fill="{colours[name]}"><title>{name}: {figure:,.0f} '
                       f'{unit}</title></rect>')
            x += BAR
        out.append(f'<text x="{(begin + x) // 2}" y="{HEIGHT + 38}" '
                   f'text-anchor="middle">{what}</text>')
        x += GAP
    for place, (name, colour) in enumerate(colours.items()):
        out.append(f'<rect x="{LEFT + 90 * place}" y="{HEIGHT + 52}" '
                   f'width="12" height="12" fill="{colour}"/>'
                   f'<text x="{LEFT + 16 + 90 * place}" '
                   f'y="{HEIGHT + 62}">{name}</text>')
    width = max(x, LEFT + 90 * len(colours)) + 20
    grid = []
    for number in range(0, int(high) + 1, step(high)):
        y = TOP + HEIGHT * (1 - number / high)
        grid.append(f'<path d="M{LEFT - 5} {y:.0f}H{width - 20}" '
                    f'stroke="#ddd"/><text x="{LEFT - 10}" y="{y + 4:.0f}" '
                    f'text-anchor="end">{number:,}</text>')
    with open(path, "w", encoding="utf-8") as svg:
        svg.write(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
                  f'height="{HEIGHT + 80}" font-family="sans-serif" '
                  f'font-size="12"><text x="{LEFT}" y="14">{title}</text>'
                  + "\n".join(grid + out) + "</svg>\n")
