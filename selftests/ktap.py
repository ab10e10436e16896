# SPDX-License-Identifier: MIT
"""Count the results in what the kernel's kselftest runner prints.

Called by selftests/run. The runner gives each program one result; the
program's own KTAP stands before it, each line behind "# ". The tests in there
are what is counted. Silence is failure: a program without a plan, with fewer
results than its plan, with a status that its results do not explain, and a
runner that did not come to its end each count as one more failure.
"""

import re

PLAN = re.compile(r"1\.\.(\d+)\s*(#.*)?$")
RESULT = re.compile(r"(ok|not ok)\s+(\d+)\b(.*)$")
SKIP = re.compile(r"#\s*SKIP\b", re.IGNORECASE)


class Block:
    """One plan and the results after it."""

    def __init__(self):
        self.plan = None
        self.results = []           # "ok", "not ok", "skip"
        self.wrong = []             # what is not as KTAP has it

    def line(self, line):
        """Take in a line; the result's text if it is one, else None."""
        found = PLAN.match(line)
        if found:
            if self.plan is not None:
                self.wrong.append("a second plan")
            self.plan = int(found.group(1))
            return None
        found = RESULT.match(line)
        if not found:
            return None
        if int(found.group(2)) != len(self.results) + 1:
            self.wrong.append(f"result {len(self.results) + 1} "
                              f"is numbered {found.group(2)}")
        word = found.group(1)
        if word == "ok" and SKIP.search(found.group(3)):
            word = "skip"
        self.results.append(word)
        return found.group(3).strip()

    def complaints(self):
        if self.plan is None:
            return self.wrong + ["no plan"]
        if self.plan != len(self.results):
            return self.wrong + [f"{len(self.results)} results "
                                 f"for a plan of {self.plan}"]
        return self.wrong


class Reader:
    """Feed it lines; then ask for finish()."""

    def __init__(self):
        self.outer = Block()
        self.inner = Block()
        self.counts = {"ok": 0, "not ok": 0, "skip": 0}
        self.complaints = []        # each is counted as a failure

    def line(self, line):
        line = line.rstrip()
        if line.startswith("# "):
            self.inner.line(line[2:])
            return
        if not line.startswith("#"):
            name = self.outer.line(line)
            if name is not None:
                self._program(name, self.outer.results[-1])

    def _program(self, name, verdict):
        """The program whose result just came has ended."""
        inner, self.inner = self.inner, Block()
        for word in inner.results:
            self.counts[word] += 1
        if verdict == "skip" and not inner.results:
            self.counts["skip"] += 1
            return
        wrong = inner.complaints()
        if not wrong and verdict == "not ok" and \
                "not ok" not in inner.results:
            wrong = ["failed, though none of its tests did"]
        if not wrong and verdict != "not ok" and "not ok" in inner.results:
            wrong = ["passed, though one of its tests failed"]
        if not wrong and not inner.results:
            wrong = ["has no tests"]
        self.complaints += [f"{name}: {what}" for what in wrong[:1]]

    def finish(self, programs, status):
        """The whole: (passed, failed, skipped). @programs were to run, and
        vm/run exited with @status."""
        wrong = self.outer.complaints()
        if not wrong and self.outer.plan != programs:
            wrong = [f"{self.outer.plan} programs ran, not {programs}"]
        self.complaints += [f"the runner: {what}" for what in wrong[:1]]
        if self.inner.results or self.inner.plan is not None:
            for word in self.inner.results:
                self.counts[word] += 1
            self.complaints.append("the last program did not end")
        if status != 0:
            self.complaints.append(f"vm/run: status {status}")
        return (self.counts["ok"],
                self.counts["not ok"] + len(self.complaints),
                self.counts["skip"])
