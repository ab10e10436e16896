// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module that does what a driver must not, so that the kernel complains:
 * insmod complain.ko what=warn|oops|atomic|stuck. Built and used by
 * vm/tests/test-verdict alone; never load it on a machine you need.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/sched.h>

static char *what = "";
module_param(what, charp, 0444);
MODULE_PARM_DESC(what, "warn, oops, atomic or stuck");

static int *nowhere;

static int __init complain_init(void)
{
	if (!strcmp(what, "warn")) {
		WARN(1, "complain: as asked\n");
	} else if (!strcmp(what, "oops")) {
		WRITE_ONCE(*READ_ONCE(nowhere), 1);
	} else if (!strcmp(what, "atomic")) {
		preempt_disable();
		msleep(20);
		preempt_enable();
	} else if (!strcmp(what, "stuck")) {
		for (;;) {
			set_current_state(TASK_UNINTERRUPTIBLE);
			schedule();
		}
	} else {
		return -EINVAL;
	}
	return 0;
}

static void __exit complain_exit(void)
{
}

module_init(complain_init);
module_exit(complain_exit);
MODULE_DESCRIPTION("Make the kernel complain, to test who listens");
MODULE_LICENSE("GPL");
