# SPDX-License-Identifier: MIT
"""Which lines of the modules ran, and whether the others have a reason.

Called by selftests/coverage. What ran in a VM comes as a tar of .gcda files;
the host's gcov reads them beside the .gcno that the build left. The reasons
are in selftests/unreached:

    # a comment
    kmod/hw_main.c hw_init
        Why the lines below cannot be reached, in a line or more.
        > their source text

A line is known by its file, its function and its text, not by its number. Of
several that are alike in one function, one that is not reached will do.
"""

import json
import os
import subprocess
import tarfile


class Wrong(Exception):
    """The one line that says what and where."""


class Coverage:
    """How often each line ran, over all that was added."""

    def __init__(self, source):
        self.source = os.path.realpath(source)
        self.counts = {}        # (file, number): how often
        self.functions = {}     # (file, number): the function's name
        self.texts = {}         # file: its lines

    def add(self, report):
        """Take in a report of gcov --json-format, for one object."""
        for entry in report["files"]:
            path = os.path.join(report["current_working_directory"],
                                entry["file"])
            path = os.path.relpath(os.path.normpath(path), self.source)
            if path.startswith(".."):
                continue        # the kernel's header
            for line in entry["lines"]:
                key = path, line["line_number"]
                self.counts[key] = self.counts.get(key, 0) + line["count"]
                # a line outside of functions is a macro that makes some
                self.functions.setdefault(key, line.get("function_name", "-"))

    def text(self, path, number):
        if path not in self.texts:
            with open(os.path.join(self.source, path),
                      encoding="utf-8") as lines:
                self.texts[path] = lines.read().splitlines()
        return self.texts[path][number - 1].strip()

    def unreached(self):
        """(file, number, function, text) of each, in order."""
        return [(path, number, self.functions[path, number],
                 self.text(path, number))
                for (path, number), count in sorted(self.counts.items())
                if not count]

    def table(self):
        """(file, lines, reached) of each file, and of all as `total`."""
        rows = {}
        for (path, _), count in sorted(self.counts.items()):
            for name in (path, "total"):
                lines, reached = rows.get(name, (0, 0))
                rows[name] = lines + 1, reached + bool(count)
        rows["total"] = rows.pop("total", (0, 0))       # last
        return [(name, *row) for name, row in rows.items()]


def take(tar, gcno, work):
    """Unpack @tar, which a VM wrote, beside the .gcno files under @gcno, in
    @work. gcov's reports of them, one an object."""
    try:
        with tarfile.open(tar) as archive:
            names = [m.name for m in archive if m.name.endswith(".gcda")]
            for name in names:
                stem = os.path.basename(name)
                with open(os.path.join(work, stem), "wb") as out:
                    out.write(archive.extractfile(name).read())
    except tarfile.TarError as error:
        raise Wrong(f"what the VM wrote is no tar: {error}") from error
    if not names:
        raise Wrong("nothing in the VM was built to count its lines")
    for where, _, files in os.walk(gcno):
        for name in files:
            if name.endswith(".gcno"):
                target = os.path.join(work, name)
                if not os.path.exists(target):
                    os.symlink(os.path.realpath(os.path.join(where, name)),
                               target)
    reports = []
    for name in sorted(map(os.path.basename, names)):
        done = subprocess.run(["gcov", "--json-format", "--stdout", name],
                              cwd=work, capture_output=True, check=False)
        if done.returncode or not done.stdout:
            why = done.stderr.decode("utf-8", "replace").strip()
            raise Wrong(f"gcov {name}: {why.splitlines()[-1:]}")
        reports.append(json.loads(done.stdout))
    return reports


def read_reasons(path):
    """{(file, function, text): reason}; Wrong if it is not as it should be."""
    reasons = {}
    where, why, listed = None, "", True
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            def wrong(what):
                return Wrong(f"{path}:{number}: {what}")
            text = line.strip()
            if not text or line.startswith("#"):
                continue
            if text.startswith("> "):
                if not why:
                    raise wrong("a line without a reason")
                key = *where, text[2:].strip()
                if key in reasons:
                    raise wrong("listed before")
                reasons[key] = why
                listed = True
            elif line[0].isspace():
                if not where:
                    raise wrong("a reason without a file and a function")
                why = text if listed else f"{why} {text}"
                listed = False
            else:
                if not listed:
                    raise wrong("a reason without a line before it")
                where, why = tuple(text.split()), ""
                if len(where) != 2:
                    raise wrong("not a file and a function")
    if not listed:
        raise Wrong(f"{path}: a reason without a line at the end")
    return reasons


def judge(unreached, reasons):
    """(those of @unreached without a reason, the reasons without a line)."""
    keys = {(path, function, text) for path, _, function, text in unreached}
    return ([line for line in unreached
             if (line[0], line[2], line[3]) not in reasons],
            [key for key in reasons if key not in keys])
