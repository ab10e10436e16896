// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module with one bug for each sanitizer of the debug kernels, to prove that
 * they see it: insmod canary.ko what=NAME, the names below. With what=device
 * it makes /dev/canary instead, whose write allocates memory and copies from
 * the user, for vm/tests/inject.c. Built and used by vm/tests/canary.sh
 * alone; never load it on a machine you need.
 */
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#define RACE_MS		3000
#define LEAKS		8	/* a stale register or stack hides one, not all */

static char *what = "";
module_param(what, charp, 0444);
MODULE_PARM_DESC(what, "which bug");

static unsigned int forty = 40;
module_param(forty, uint, 0444);
MODULE_PARM_DESC(forty, "a number that the compiler must not know");

static DEFINE_SPINLOCK(lock_a);
static DEFINE_SPINLOCK(lock_b);
static DEFINE_RAW_SPINLOCK(lock_raw);
static int sink;

static void use_after_free(void)
{
	int *p = kmalloc(64, GFP_KERNEL);

	if (!p)
		return;
	WRITE_ONCE(*p, 1);
	kfree(p);
	WRITE_ONCE(sink, READ_ONCE(*p));
}

/* As above, but who reads and writes there is the kernel, for a module. */
static void freed_queue(void)
{
	wait_queue_head_t *queue = kmalloc(sizeof(*queue), GFP_KERNEL);

	if (!queue)
		return;
	init_waitqueue_head(queue);
	kfree(queue);
	wake_up(queue);
}

/* Zeroed, for what the allocator left in one could point to the next. */
static void leak(void)
{
	int i, *p;

	for (i = 0; i < LEAKS; i++) {
		p = kzalloc(64, GFP_KERNEL);
		if (p)
			WRITE_ONCE(*p, i);
	}
}

/* Each order alone is harmless, so nothing hangs. */
static void abba(void)
{
	spin_lock(&lock_a);
	spin_lock(&lock_b);
	spin_unlock(&lock_b);
	spin_unlock(&lock_a);

	spin_lock(&lock_b);
	spin_lock(&lock_a);
	spin_unlock(&lock_a);
	spin_unlock(&lock_b);
}

/* With PREEMPT_RT lock_a would sleep. */
static void nesting(void)
{
	raw_spin_lock(&lock_raw);
	spin_lock(&lock_a);
	spin_unlock(&lock_a);
	raw_spin_unlock(&lock_raw);
}

static void sleep_in_atomic(void)
{
	spin_lock(&lock_a);
	kfree(kmalloc(64, GFP_KERNEL));
	spin_unlock(&lock_a);
}

static void nothing(struct timer_list *timer)
{
}

static void live_object(void)
{
	struct timer_list *timer = kmalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return;
	timer_setup(timer, nothing, 0);
	mod_timer(timer, jiffies + 3600 * HZ);
	kfree(timer);
}

static void shift(void)
{
	WRITE_ONCE(sink, 1 << forty);
}

/* What is read is memory of ours, so KASAN has nothing to say. */
static void bounds(void)
{
	static struct {
		int table[8];
		int behind[40];
	} here;

	WRITE_ONCE(sink, here.table[forty]);
}

/* Two threads, which end by themselves. */
static void together(int (*one)(void *), int (*other)(void *))
{
	struct task_struct *tasks[] = {
		kthread_create(one, NULL, "canary/one"),
		kthread_create(other, NULL, "canary/other"),
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(tasks); i++) {
		if (IS_ERR(tasks[i]))
			continue;
		get_task_struct(tasks[i]);
		wake_up_process(tasks[i]);
	}
	msleep(RACE_MS);
	for (i = 0; i < ARRAY_SIZE(tasks); i++) {
		if (IS_ERR(tasks[i]))
			continue;
		kthread_stop(tasks[i]);
		put_task_struct(tasks[i]);
	}
}

static int racer(void *unused)
{
	while (!kthread_should_stop()) {
		sink++;
		cond_resched();
	}
	return 0;
}

static void race(void)
{
	together(racer, racer);
}

/* What one hands to the other: its own while full is 0, the other's while 1. */
static int handed, full;

static int taker(void *unused)
{
	while (!kthread_should_stop()) {
		cond_resched();
		if (!smp_load_acquire(&full))	/* pairs with giver()'s */
			continue;
		WRITE_ONCE(sink, handed);
		smp_store_release(&full, 0);	/* and with their load */
	}
	return 0;
}

static int giver(void *unused)
{
	while (!kthread_should_stop()) {
		cond_resched();
		if (smp_load_acquire(&full))	/* pairs with taker()'s */
			continue;
		handed++;
		smp_store_release(&full, 1);	/* and with its load */
	}
	return 0;
}

/* No bug: what two threads share is handed over as it should be. */
static void hand_over(void)
{
	together(giver, taker);
}

static const struct {
	const char *name;
	void (*bug)(void);
} bugs[] = {
	{ "use-after-free", use_after_free },
	{ "freed-queue", freed_queue },
	{ "leak", leak },
	{ "abba", abba },
	{ "nesting", nesting },
	{ "sleep-in-atomic", sleep_in_atomic },
	{ "live-object", live_object },
	{ "shift", shift },
	{ "bounds", bounds },
	{ "race", race },
	{ "hand-over", hand_over },
};

static ssize_t canary_write(struct file *file, const char __user *buf,
			    size_t len, loff_t *pos)
{
	char *copy = kmalloc(len, GFP_KERNEL);
	ssize_t ret = len;

	if (!copy)
		return -ENOMEM;
	if (copy_from_user(copy, buf, len))
		ret = -EFAULT;
	kfree(copy);
	return ret;
}

static const struct file_operations canary_fops = {
	.owner	= THIS_MODULE,
	.write	= canary_write,
};

static struct miscdevice canary_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "canary",
	.fops	= &canary_fops,
};

static int __init canary_init(void)
{
	int i;

	if (!strcmp(what, "device"))
		return misc_register(&canary_device);
	for (i = 0; i < ARRAY_SIZE(bugs); i++) {
		if (strcmp(what, bugs[i].name))
			continue;
		bugs[i].bug();
		return 0;
	}
	return -EINVAL;
}

static void __exit canary_exit(void)
{
	if (!strcmp(what, "device"))
		misc_deregister(&canary_device);
}

module_init(canary_init);
module_exit(canary_exit);
MODULE_DESCRIPTION("One bug for each sanitizer, to prove that it looks");
MODULE_LICENSE("GPL");
MODULE_INFO(test, "Y");
