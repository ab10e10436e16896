# SPDX-License-Identifier: MIT
# The chip's tests. The model itself is an object that its hosts link.

CHECKS += $(B)/test/test_slowchip $(B)/test/test_slowchip_random \
	  chip/test_freestanding chip/test_datasheet.py

$(B)/test/test_slowchip: $(B)/obj/chip/test_slowchip.o $(B)/obj/chip/slowchip.o
$(B)/test/test_slowchip_random: $(B)/obj/chip/test_slowchip_random.o \
				$(B)/obj/chip/slowchip.o
$(B)/test/test_slowchip $(B)/test/test_slowchip_random:
	@mkdir -p $(@D)
	$(quiet)$(CC) $(CFLAGS) -o $@ $^
