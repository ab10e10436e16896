# SPDX-License-Identifier: MIT
# What else the kernel's make is told when it builds the one named -debug. None
# of this is a check of what is ours, and without it the kselftests take half as
# long again.

# What looks for bugs is called for each lock, allocation and timer, and has
# memory of its own; or what it looks at is touched by others, too.
KASAN_SANITIZE_debugobjects.o=n
KASAN_SANITIZE_extable.o=n
KASAN_SANITIZE_kmemleak.o=n
KASAN_SANITIZE_lockdep.o=n
KASAN_SANITIZE_unwind_frame.o=n

# The local variables of the kernel's own functions. Modules are built without
# this file, and theirs are watched.
CONFIG_KASAN_STACK=
