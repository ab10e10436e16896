// SPDX-License-Identifier: MIT
/*
 * Both modules come and go in every order, under open files, a sleeping
 * reader and bytes on their way: SLOWDEV_CYCLES times, and nothing is left.
 */
#include "slowdev_test.h"
#include "slowdev_kernel.h"

#define PARAMETERS	"devices=3 source=counter period_us=500"
#define ATTRIBUTES	2

/* Open over the removal, too: the kernel's files, with our callbacks. */
static const char * const attributes[ATTRIBUTES] = {
	"/sys/class/slowdev/slowdev1/stats/arrived",
	"/sys/bus/platform/devices/slowdev.1/arrivals",
};

struct under_load {
	struct sd_call reader;
	char byte;
	int fds[3];
	int attribute_fds[ATTRIBUTES];
};

/*
 * slowdev2 sleeps in a read, with nothing on the line for it; slowdev1 has
 * sent and received some; slowdev0's bytes are nobody's until it is full.
 */
static void put_under_load(struct __test_metadata *_metadata,
			   struct under_load *load)
{
	char out[300] = { 0 }, byte;
	int i;

	ASSERT_TRUE(sd_until(access("/dev/slowdev2", F_OK) == 0));
	ASSERT_EQ(0, sd_put(2, "period_us", "4000000"));
	for (i = 0; i < 3; i++)
		load->fds[i] = sd_open_dev(_metadata, i, O_RDWR);
	for (i = 0; i < ATTRIBUTES; i++) {
		load->attribute_fds[i] = open(attributes[i],
					      O_RDONLY | O_CLOEXEC);
		ASSERT_LE(0, load->attribute_fds[i]);
	}
	ASSERT_EQ(1, read(load->fds[1], &byte, 1));
	ASSERT_EQ(0, byte);
	ASSERT_LT(0, write(load->fds[1], out, sizeof(out)));
	load->reader = (struct sd_call){
		.fd = load->fds[2], .buf = &load->byte, .len = 1,
	};
	sd_start(_metadata, &load->reader, sd_do_read);
	sd_await_asleep(_metadata, &load->reader);
}

/* Their devices are gone, these files are not. */
static void close_attributes(struct __test_metadata *_metadata,
			     struct under_load *load)
{
	char byte;
	int i;

	for (i = 0; i < ATTRIBUTES; i++) {
		ASSERT_EQ(-1, pread(load->attribute_fds[i], &byte, 1, 0));
		ASSERT_EQ(ENODEV, errno);
		close(load->attribute_fds[i]);
	}
}

static bool is_busy(int err)
{
	return err == -EAGAIN || err == -EBUSY;
}

/* The hardware goes first, the files see it; then they and the driver. */
static void without_hardware(struct __test_metadata *_metadata,
			     struct under_load *load)
{
	ASSERT_EQ(0, sd_rmmod("slowdev_hw"));
	sd_join(_metadata, &load->reader);
	ASSERT_EQ(-ENODEV, load->reader.ret);
	ASSERT_TRUE(is_busy(sd_rmmod("slowdev")));
	close_attributes(_metadata, load);
	while (sd_nfiles)
		sd_close(sd_files[0]);
	ASSERT_EQ(0, sd_unload("slowdev"));
}

/*
 * The driver may not go while files are open. They lose their chips, one by
 * one, and are closed; then it goes, and the hardware last.
 */
static void without_driver(struct __test_metadata *_metadata,
			   struct under_load *load)
{
	int i;

	ASSERT_TRUE(is_busy(sd_rmmod("slowdev")));
	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, sd_bind("unbind", i));
	sd_join(_metadata, &load->reader);
	ASSERT_EQ(-ENODEV, load->reader.ret);
	ASSERT_TRUE(is_busy(sd_rmmod("slowdev")));
	while (sd_nfiles)
		sd_close(sd_files[0]);
	ASSERT_EQ(0, sd_unload("slowdev"));
	ASSERT_EQ(0, sd_rmmod("slowdev_hw"));
	close_attributes(_metadata, load);
}

TEST_F_TIMEOUT(slowdev, in_every_order_under_open_files, SD_ENDURE_S)
{
	int cycles = sd_cycles(), cycle;
	struct under_load load;

	for (cycle = 0; cycle < cycles; cycle++) {
		if (cycle & 1) {
			ASSERT_EQ(0, sd_insmod("slowdev", ""));
			ASSERT_EQ(0, sd_insmod("slowdev_hw", PARAMETERS));
		} else {
			ASSERT_EQ(0, sd_insmod("slowdev_hw", PARAMETERS));
			ASSERT_EQ(0, sd_insmod("slowdev", ""));
		}
		put_under_load(_metadata, &load);
		if (cycle & 2)
			without_hardware(_metadata, &load);
		else
			without_driver(_metadata, &load);
		ASSERT_FALSE(sd_loaded("slowdev"));
		ASSERT_FALSE(sd_loaded("slowdev_hw"));
	}
	TH_LOG("%d cycles", cycle);
	sd_check_leaks(_metadata);
}

TEST_HARNESS_MAIN
