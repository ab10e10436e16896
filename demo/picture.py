# SPDX-License-Identifier: MIT
"""One byte at every rung of the ladder, drawn to scale from its trace."""

# What a rung's line is made of, and its colour.
ASLEEP, INTERRUPT, BRINGS, AFTER, ASKS = (
    "asleep", "interrupt", "until the program has the byte",
    "until it sleeps again", "asks, and asks again")
COLOURS = {ASLEEP: "#e8e8e8", INTERRUPT: "#e08a1e", BRINGS: "#2f6db3",
           AFTER: "#a9c6e8", ASKS: "#c8453b"}
BEFORE, BEHIND = 2000, 15000    # what is shown around the arrival
SCALE = 20                      # instructions a pixel
LEFT, TOP, ROW, BAR = 180, 46, 22, 14


class Moment:
    """A byte's arrival, and what the processor did around it. All times are
    instructions (ns) from the arrival."""

    def __init__(self, name, read, asleep, interrupt_end=None):
        """@asleep: [(from, to)], in order; @interrupt_end: when the interrupt
        gave way to somebody else, by default where the sleep ends that the
        byte came in."""
        self.name = name
        self.read = read
        self.asleep = [(a, b) for a, b in asleep
                       if b > -BEFORE and a < BEHIND]
        self.interrupt_end = interrupt_end

    def spans(self):
        """[(from, to, what)], without gaps, from -BEFORE to BEHIND."""
        if not self.asleep:
            return [(-BEFORE, BEHIND, ASKS)]
        out = []
        at = -BEFORE
        for a, b in [*self.asleep, (BEHIND, BEHIND)]:
            out += self._awake(at, a)
            out += self._asleep(max(a, at), min(b, BEHIND))
            at = b
        return [(a, min(b, BEHIND), what) for a, b, what in out
                if a < min(b, BEHIND)]

    def _asleep(self, a, b):
        """A sleep; from the byte's arrival on it is the interrupt's."""
        if self.interrupt_end is None and a < 0 < b:
            return [(a, 0, ASLEEP), (0, b, INTERRUPT)]
        return [(a, b, ASLEEP)]

    def _awake(self, a, b):
        cuts = []
        if self.interrupt_end is not None and a <= 0 < b:
            cuts.append((0, self.interrupt_end, INTERRUPT))
            a = self.interrupt_end
        if a < self.read < b:
            return cuts + [(a, self.read, BRINGS), (self.read, b, AFTER)]
        return cuts + [(a, b, AFTER if a >= self.read else BRINGS)]


def draw(path, moments):
    """Draw @moments, one below the other, as @path."""
    width = LEFT + (BEFORE + BEHIND) // SCALE + 20
    height = TOP + ROW * len(moments) + 66
    bottom = TOP + ROW * len(moments)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
           f'height="{height}" font-family="sans-serif" font-size="12">',
           '<!-- SPDX-License-Identifier: MIT -->',
           f'<rect width="{width}" height="{height}" fill="#fff"/>',
           f'<text x="{LEFT}" y="16">One byte: what the processor does when '
           'it arrives, by its trace</text>']
    for at in range(0, BEHIND + 1, 5000):
        out.append(f'<path d="M{place(at)} {TOP - 8}V{bottom}" '
                   'stroke="#ccc"/>'
                   f'<text x="{place(at)}" y="{TOP - 12}" '
                   f'text-anchor="middle">{at:,}</text>')
    for number, moment in enumerate(moments):
        out += line(moment, TOP + ROW * number)
    out += legend(bottom + 22)
    with open(path, "w", encoding="utf-8") as svg:
        svg.write("\n".join(out) + "\n</svg>\n")


def place(at):
    return LEFT + (at + BEFORE) / SCALE


def line(moment, y):
    yield (f'<text x="{LEFT - 8}" y="{y + BAR - 2}" text-anchor="end">'
           f'{moment.name}</text>')
    for a, b, what in moment.spans():
        yield (f'<rect x="{place(a)}" y="{y}" width="{(b - a) / SCALE}" '
               f'height="{BAR}" fill="{COLOURS[what]}"><title>{what}: '
               f'{b - a:,} instructions</title></rect>')
    yield (f'<path d="M{place(moment.read)} {y - 2}v{BAR + 4}" '
           'stroke="#000" stroke-width="2"/>')


def legend(y):
    x = 20
    for what, colour in COLOURS.items():
        yield (f'<rect x="{x}" y="{y - 10}" width="12" height="12" '
               f'fill="{colour}"/><text x="{x + 17}" y="{y}">{what}</text>')
        x += 50 + 7 * len(what)
    yield (f'<path d="M{20} {y + 12}v16" stroke="#000" stroke-width="2"/>'
           f'<text x="37" y="{y + 24}">the program has the byte; the scale '
           'is instructions (1 ns each) from its arrival</text>')
