# SPDX-License-Identifier: MIT
"""Run the programs that the demo shows."""

import json
import os
import subprocess


class Failed(Exception):
    """A program of the demo did not do what it is there for."""


def run(argv, what, ends=(0,)):
    """Run @argv without input; give its standard output and error as bytes.

    Raises Failed, with the end of what it said, on a status not in @ends. The
    child is in our process group, so that an interrupt from the terminal
    reaches it; on any other way out it is told to end, and awaited."""
    child = subprocess.Popen(argv, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        out, err = child.communicate()
    except BaseException:
        child.terminate()
        child.wait()
        raise
    if child.returncode not in ends:
        tail = (out + err).decode("utf-8", "replace").splitlines()[-15:]
        raise Failed("\n".join([f"{what} ended with status "
                                f"{child.returncode}"] + tail))
    return out, err


def vm_run(script, what, arguments=(), exact=True, smp=None, runner="vm/run"):
    """Run one of demo/guest's scripts in the VM; give its standard output.

    @runner takes vm/run's options."""
    path = os.path.join(os.path.dirname(__file__), "guest", script)
    argv = [runner, "--no-insmod", "--add", path]
    if exact:
        argv.append("--exact")
    if smp:
        argv += ["--smp", str(smp)]
    argv += ["--", "sh", "/extra/" + script, *map(str, arguments)]
    out, _ = run(argv, what)
    return out.decode("utf-8", "replace")


def mips_sim(show, guest, line=b"", ends=(0,), **options):
    """Run a guest on the simulator with @line as the bytes on its line.

    Returns what it printed, its stats, and its timeline as dicts. @ends are
    the statuses it may end with; options are mips-sim's, with _ for -."""
    base = show.path(guest)
    argv = ["build/bin/mips-sim", "--stats", base + ".stats",
            "--timeline", base + ".timeline"]
    if line:
        with open(base + ".line", "wb") as out:
            out.write(line)
        argv += ["--line-in", base + ".line"]
    for name, value in options.items():
        argv += ["--" + name.replace("_", "-"), str(value)]
    argv.append(f"build/guest/{guest}.elf")
    out, _ = run(argv, guest, ends)
    with open(base + ".stats", encoding="utf-8") as source:
        stats = json.load(source)
    with open(base + ".timeline", encoding="utf-8") as source:
        timeline = [json.loads(row) for row in source]
    return out.decode("utf-8", "replace"), stats, timeline
