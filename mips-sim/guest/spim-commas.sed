#!/bin/sed -Ef
# SPDX-License-Identifier: MIT
#
# SPIM takes operands with blanks between them, GNU as wants commas:
#	sed -Ef mips-sim/guest/spim-commas.sed prog.s >prog-commas.s
# Behind a register or a number that is an operand, in front of another; and
# between the numbers of a .byte, .half or .word. It reads strings as if they
# were instructions: look at those with a $ in them.
:again
s/(\$[a-z0-9]+|, *-?[0-9][0-9a-fx]*)[ \t]+([$0-9A-Za-z_'(-])/\1, \2/
s/(\.(byte|half|word)[^#]*[0-9a-f])[ \t]+([0-9-])/\1, \3/
tagain
