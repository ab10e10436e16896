# SPDX-License-Identifier: MIT
"""The machines the VM can be: what differs between them.

Called by vm/run and its other halves, which ask of() and are given one of the
two classes.
"""

COUNTED = ["-accel", "tcg,thread=single",
           "-seed", "42", "-rtc", "base=2026-01-01,clock=vm", "-icount"]
# Idle time is jumped over by QEMU's main loop, on a thread of its own, from the
# moment at which the CPU says it halts: sometimes before the last few
# instructions are counted, and then all that follows is some ns off. Recording
# makes the two threads take turns. The record itself nobody wants.
JUMPS = "sleep=off,rr=record,rrfile=/dev/null"


class X86:
    """A PC: what runs every kernel but -malta's."""
    PROGRAM = "qemu-system-x86_64"
    ELF = (2, 62)               # 64 bits, EM_X86_64
    BUILD = "build"             # of ours: where the programs for it are
    SMP, MAX_SMP = 2, 255
    MEM_MIB, MAX_MEM_MIB = 512, 1 << 20
    KVM = DISK = True
    LIBRARIES = ()              # the host's programs run there, and say

    BOARD = ["-machine", "q35,vmport=off,smbus=off,sata=off"]
    ACCEL = {"kvm": ["-accel", "kvm", "-cpu", "host"],
             "tcg": ["-accel", "tcg", "-cpu", "qemu64,+rdrand"],
             "exact": [*COUNTED, f"shift=0,{JUMPS}",
                       "-cpu", "qemu64,+rdrand"]}

    # no_timer_check: on a busy host the emulated timer is late for it, which
    # the kernel takes for no timer, and panics
    KERNEL = ("console=ttyS0 loglevel=4 panic=-1 nokaslr mitigations=off "
              "log_buf_len=1M random.trust_cpu=on cryptomgr.notests "
              "no_timer_check")

    # Counted time: the TSC is the instruction count, at 1 GHz by definition.
    # The kernel takes our word for it (tsc_early_khz) and is kept from refining
    # it against the PM timer, which is coarser (init_tsc_clocksource); programs
    # read it in the vDSO. The PM timer stays, for without it the local APIC
    # timer is checked by spinning, 5 s more; HPET's would only be another
    # clock.
    KERNEL_EXACT = ("tsc_early_khz=1000000 tsc=reliable "
                    "initcall_blacklist=init_tsc_clocksource hpet=disable")


class Malta:
    """MIPS's Malta board with a 24Kf: 32 bits, little-endian, one CPU; its
    kernel uses no more memory than that.

    Its counted time has an instruction each 8 ns, for it is no time to be
    jumped over: the kernel times the CPU by spinning for more than a second,
    and idles by spinning (nowait). It must: when the CPU's timer wakes it from
    a `wait`, QEMU 7.2 (target/mips, cpu_mips_timer_expire) sets the timer for a
    whole round later before it raises the interrupt, sees no timer before that
    and a CPU that still waits, and jumps over 26 s at once. Then (the timer's
    callback) it sets the timer for that very moment, for ever."""
    PROGRAM = "qemu-system-mipsel"
    ELF = (1, 8)                # 32 bits, EM_MIPS
    BUILD = "build/mips"
    SMP, MAX_SMP = 1, 1
    MEM_MIB, MAX_MEM_MIB = 256, 256
    KVM = DISK = False
    # of Debian's for mipsel: what programs that are not static need there
    LIBRARIES = ("lib/mipsel-linux-gnu/ld.so.1",
                 "lib/mipsel-linux-gnu/libc.so.6")

    BOARD = ["-machine", "malta", "-cpu", "24Kf"]
    ACCEL = {"tcg": ["-accel", "tcg"],
             "exact": [*COUNTED, "shift=3,sleep=off"]}
    KERNEL = ("console=ttyS0 loglevel=4 panic=-1 nokaslr log_buf_len=1M "
              "cryptomgr.notests")
    KERNEL_EXACT = "nowait"


def of(kernel):
    """The machine of the kernel named so (vm/kernel)."""
    return Malta if kernel.endswith("-malta") else X86
