// SPDX-License-Identifier: MIT
/*
 * Loading and unloading in every order, parameters good and bad, the line in
 * /proc/interrupts and the interrupt log.
 */
#include "slowdev_test.h"
#include "slowdev_kernel.h"

#define HW_CHIP0	"/sys/bus/platform/devices/slowdev.0"

static bool there(int dev)
{
	char path[32];

	sd_path(path, sizeof(path), dev);
	return access(path, F_OK) == 0;
}

TEST_F(slowdev, driver_first)
{
	char byte;

	ASSERT_EQ(0, sd_insmod("slowdev", ""));
	EXPECT_FALSE(there(0));
	ASSERT_EQ(0, sd_insmod("slowdev_hw", "devices=2 period_us=1000"));
	ASSERT_TRUE(sd_until(there(0) && there(1)));
	EXPECT_EQ(1, read(sd_open(_metadata, O_RDONLY), &byte, 1));
}

TEST_F(slowdev, hardware_first)
{
	char byte;

	ASSERT_EQ(0, sd_insmod("slowdev_hw", "devices=2 period_us=1000"));
	EXPECT_FALSE(there(0));
	ASSERT_EQ(0, sd_insmod("slowdev", ""));
	ASSERT_TRUE(sd_until(there(0) && there(1)));
	EXPECT_EQ(1, read(sd_open(_metadata, O_RDONLY), &byte, 1));
}

TEST_F(slowdev, defaults)
{
	char byte;
	int fd;

	sd_load(_metadata, "");
	EXPECT_TRUE(there(0));
	EXPECT_FALSE(there(1));
	EXPECT_EQ(10000, sd_get(0, "period_us"));
	/* some message, so printable */
	fd = sd_open(_metadata, O_RDONLY);
	ASSERT_EQ(1, read(fd, &byte, 1));
	EXPECT_TRUE((byte >= ' ' && byte <= '~') || byte == '\n');
}

TEST_F(slowdev, each_unloads_first)
{
	sd_load(_metadata, "");
	ASSERT_EQ(0, sd_rmmod("slowdev"));
	EXPECT_FALSE(there(0));
	ASSERT_EQ(0, sd_rmmod("slowdev_hw"));
	sd_load(_metadata, "");
	ASSERT_EQ(0, sd_rmmod("slowdev_hw"));
	EXPECT_FALSE(there(0));
	ASSERT_EQ(0, sd_rmmod("slowdev"));
}

TEST_F(slowdev, bad_parameters_leave_nothing_behind)
{
	const char * const bad[] = {
		"devices=0", "devices=257", "devices=10000", "devices=-1",
		"devices=x", "devices=4294967297", "devices=",
		"period_us=0", "period_us=-1", "period_us=4294968",
		"period_us=31536000000000", "period_us=x",
		"source=garbage", "source=", "source=counters", "source=Line",
		"message=", "source=message message=",
	};
	char most[16];
	size_t i;
	int err;

	ASSERT_EQ(0, sd_insmod("slowdev", ""));
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		err = sd_insmod("slowdev_hw", bad[i]);
		EXPECT_TRUE(err == -EINVAL || err == -ERANGE) {
			TH_LOG("%s: %d", bad[i], err);
		}
		EXPECT_FALSE(sd_loaded("slowdev_hw"));
		EXPECT_NE(0, access(HW_CHIP0, F_OK));
		EXPECT_FALSE(there(0));
	}
	/* and nothing that would be in the way */
	snprintf(most, sizeof(most), "devices=%d", sd_most_devices());
	ASSERT_EQ(0, sd_insmod("slowdev_hw", most));
	EXPECT_TRUE(sd_until(there(sd_most_devices() - 1)));
}

TEST_F(slowdev, good_parameters_at_the_limits)
{
	char most[16];
	const char * const good[] = {
		"devices=1", most, "period_us=1",
		"period_us=4294967", "source=message", "source=counter",
		"source=line", "message=x", "source=counter message=unused",
	};
	size_t i;

	snprintf(most, sizeof(most), "devices=%d", sd_most_devices());
	ASSERT_EQ(0, sd_insmod("slowdev", ""));
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		ASSERT_EQ(0, sd_insmod("slowdev_hw", good[i])) {
			TH_LOG("%s", good[i]);
		}
		EXPECT_TRUE(sd_until(there(0)));
		ASSERT_EQ(0, sd_rmmod("slowdev_hw"));
	}
}

TEST_F(slowdev, driver_stays_while_a_file_is_open)
{
	int fd, err;

	sd_load(_metadata, "");
	fd = sd_open(_metadata, O_RDONLY);
	err = sd_rmmod("slowdev");
	EXPECT_TRUE(err == -EAGAIN || err == -EBUSY);
	EXPECT_TRUE(there(0));
	sd_close(fd);
	EXPECT_EQ(0, sd_unload("slowdev"));
}

TEST_F(slowdev, twenty_reloads)
{
	char byte;
	int fd, i;

	for (i = 0; i < 20; i++) {
		sd_load(_metadata, "devices=4 source=counter period_us=1000");
		fd = sd_open_dev(_metadata, i % 4, O_RDONLY);
		ASSERT_EQ(1, read(fd, &byte, 1));
		ASSERT_EQ(0, byte);
		sd_close(fd);
		ASSERT_EQ(0, sd_unload(i % 2 ? "slowdev" : "slowdev_hw"));
		ASSERT_EQ(0, sd_unload(i % 2 ? "slowdev_hw" : "slowdev"));
	}
}

/* The chip outlives its driver, and a new one finds it reset. */
TEST_F(slowdev, twenty_drivers_for_one_chip)
{
	uint8_t byte, next = 0;
	int fd, i;

	ASSERT_EQ(0, sd_insmod("slowdev_hw",
			       "source=counter period_us=1500"));
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, sd_insmod("slowdev", ""));
		ASSERT_TRUE(sd_until(there(0)));
		EXPECT_EQ(0, sd_get(0, "stats/arrived"));
		EXPECT_EQ(1500, sd_get(0, "period_us"));
		EXPECT_EQ(1, sd_get(0, "rx_trigger"));
		ASSERT_EQ(0, sd_put(0, "period_us", "2000"));
		ASSERT_EQ(0, sd_put(0, "rx_trigger", "2"));
		fd = sd_open(_metadata, O_RDONLY);
		ASSERT_EQ(1, read(fd, &byte, 1));
		/* the line's data went on where it stood: a reset of the
		 * chip is none of the line
		 */
		EXPECT_EQ(next, byte);
		sd_close(fd);
		next += sd_get(0, "stats/arrived");
		ASSERT_EQ(0, sd_unload("slowdev"));
	}
}

TEST_F(slowdev, line_in_proc_interrupts)
{
	char byte;
	int fd, i;

	sd_load(_metadata, "devices=3 source=line period_us=1000");
	EXPECT_EQ(0, sd_proc_interrupts("slowdev0"));
	EXPECT_EQ(0, sd_proc_interrupts("slowdev1"));
	EXPECT_EQ(0, sd_proc_interrupts("slowdev2"));
	EXPECT_EQ(-1, sd_proc_interrupts("slowdev3"));
	fd = sd_open_dev(_metadata, 1, O_RDONLY);
	for (i = 0; i < 7; i++) {
		ASSERT_EQ(1, sd_line_in(1, "x", 1));
		ASSERT_EQ(1, read(fd, &byte, 1));
	}
	EXPECT_EQ(0, sd_proc_interrupts("slowdev0"));
	EXPECT_LE(7, sd_proc_interrupts("slowdev1"));
	EXPECT_EQ(7, sd_get(1, "stats/interrupts"));
	ASSERT_EQ(0, sd_rmmod("slowdev_hw"));
	EXPECT_EQ(-1, sd_proc_interrupts("slowdev1"));
}

struct isr_line {
	unsigned long long number, time_ns;
	unsigned int level, took, buffered, woke;
};

/*
 * Read on to the next line of chip 0 in the log. 1: it is an interrupt's, in
 * @isr; 2: another, in @text; 0: there is none.
 */
static int next_line(struct __test_metadata *_metadata, int log,
		     struct isr_line *isr, char *text, size_t size)
{
	static const char prefix[] = "slowdev slowdev.0: ";
	char *message;
	int fields;
	ssize_t n;

	while ((n = read(log, text, size - 1)) > 0 || errno == EPIPE) {
		/* EPIPE: the log overflowed before we read it */
		ASSERT_LT(0, n);
		text[n] = '\0';
		message = strchr(text, ';');
		if (!message++ || strncmp(message, prefix, strlen(prefix)))
			continue;
		message += strlen(prefix);
		message[strcspn(message, "\n")] = '\0';
		memmove(text, message, strlen(message) + 1);
		if (strncmp(text, "isr #", 5))
			return 2;
		fields = sscanf(text,
				"isr #%llu at %llu ns: RX level=%u took=%u buffered=%u woke=%u",
				&isr->number, &isr->time_ns, &isr->level,
				&isr->took, &isr->buffered, &isr->woke);
		EXPECT_EQ(6, fields) {
			TH_LOG("'%s'", text);
		}
		return 1;
	}
	return 0;
}

TEST_F(slowdev, log_says_what_each_interrupt_did)
{
	struct isr_line isr;
	unsigned long long last = 0, last_ns = sd_now_ns();
	char text[1024], buf[4];
	struct sd_call call = { .buf = buf, .len = 1 };
	int fd, log, i, what;

	ASSERT_EQ(0, sd_insmod("slowdev", "isr_log=1"));
	ASSERT_EQ(0, sd_insmod("slowdev_hw", "source=line period_us=1000"));
	ASSERT_TRUE(sd_until(there(0)));
	log = sd_open_log(_metadata);
	fd = sd_open(_metadata, O_RDONLY);
	call.fd = fd;
	/* one for a sleeper, then three for nobody, each after the other: a
	 * handler that is late takes two at once
	 */
	sd_start(_metadata, &call, sd_do_read);
	sd_await_asleep(_metadata, &call);
	ASSERT_EQ(1, sd_line_in(0, "x", 1));
	sd_join(_metadata, &call);
	for (i = 0; i < 3; i++)
		sd_arrive(_metadata, 0, &"abc"[i], 1);
	ASSERT_EQ(3, read(fd, buf, sizeof(buf)));
	for (i = 0; i < 4; i++) {
		/* who is woken may look before the handler has written */
		ASSERT_TRUE(sd_until((what = next_line(_metadata, log, &isr,
						       text, sizeof(text)))));
		ASSERT_EQ(1, what);
		EXPECT_EQ(last + 1, isr.number);
		EXPECT_LT(last_ns, isr.time_ns);
		EXPECT_GT(sd_now_ns(), (long long)isr.time_ns);
		EXPECT_EQ(1, isr.level);
		EXPECT_EQ(1, isr.took);
		EXPECT_EQ(i ? i : 1, isr.buffered);
		EXPECT_EQ(i == 0, isr.woke != 0);
		last = isr.number;
		last_ns = isr.time_ns;
	}
	EXPECT_EQ(0, next_line(_metadata, log, &isr, text, sizeof(text)));
	/* off at run time */
	ASSERT_EQ(1, sd_write_file("/sys/module/slowdev/parameters/isr_log",
				   "0", 1));
	sd_arrive(_metadata, 0, "y", 1);
	EXPECT_EQ(1, read(fd, buf, 1));
	EXPECT_EQ(0, next_line(_metadata, log, &isr, text, sizeof(text)));
	close(log);
}

static unsigned long long first_number(const char *text)
{
	return strtoull(text + strcspn(text, "0123456789"), NULL, 10);
}

/*
 * Ten thousand a second come, a thousand a second are written; with those
 * that the other lines say were left out there are as many as there were
 * interrupts.
 */
TEST_F(slowdev, log_is_limited_and_says_so)
{
	unsigned long long lines = 0, left_out = 0, last = 0, notes = 0;
	long long end_ns, interrupts = 0;
	struct isr_line isr;
	char text[1024];
	int fd, log, what;

	SD_COUNTED_TIME();
	ASSERT_EQ(0, sd_insmod("slowdev", "isr_log=1"));
	ASSERT_EQ(0, sd_insmod("slowdev_hw", "source=counter period_us=100"));
	ASSERT_TRUE(sd_until(there(0)));
	log = sd_open_log(_metadata);
	fd = sd_open(_metadata, O_RDONLY);
	end_ns = sd_now_ns() + 3500000000LL;
	while (!interrupts || lines + left_out < (size_t)interrupts) {
		what = next_line(_metadata, log, &isr, text, sizeof(text));
		if (what == 1) {
			ASSERT_LT(last, isr.number);
			last = isr.number;
			lines++;
		} else if (what == 2) {
			ASSERT_LT(0, first_number(text)) {
				TH_LOG("'%s'", text);
			}
			left_out += first_number(text);
			notes++;
		} else {
			usleep(1000);
		}
		if (!interrupts && sd_now_ns() > end_ns) {
			sd_close(fd);
			sd_check_counts(_metadata, 0);
			interrupts = sd_get(0, "stats/interrupts");
		}
		/* the last note comes after a while */
		ASSERT_LT(sd_now_ns(), end_ns + 10 * 1000000000LL) {
			TH_LOG("%llu lines and %llu left out of %lld", lines,
			       left_out, interrupts);
		}
	}
	EXPECT_EQ(interrupts, lines + left_out);
	EXPECT_LE(30000 / sd_slower(), interrupts);
	EXPECT_LE(3000, lines);
	EXPECT_GE(4000, lines);
	EXPECT_LE(3, notes);
	close(log);
}

TEST_HARNESS_MAIN
