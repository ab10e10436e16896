// SPDX-License-Identifier: MIT
/*
 * Overrun on purpose: the handler does the long work itself. The twin of
 * slow-main.c.
 *
 * Meanwhile nothing takes bytes out of the chip, which holds 16: the 17th to
 * arrive is lost. So the handler may be slow for 17 PERIODs, and no longer.
 */
#include "board.h"
#include "slow.h"

void isr(void)
{
	while (chip_read(SLOWCHIP_DATA) & SLOWCHIP_DATA_VALID)
		digest();
}

int main(void)
{
	chip_write(SLOWCHIP_INT_EN, SLOWCHIP_INT_RX);
	irq_enable();
	chip_write(SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);

	while (!arrived())
		;
	irq_disable();
	return slow_result(0);
}
