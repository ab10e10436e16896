// SPDX-License-Identifier: MIT
/*
 * Eight readers, each waiting in its own way, share one counter's bytes while
 * its chip goes and comes back, SLOWDEV_CYCLES times. No byte is lost, read
 * twice or out of order.
 *
 * A reader notes what it got. What it got was given to it in order, but
 * between two of its bytes there may be others' bytes; so the eight notes are
 * merged as eight sorted piles of cards are, and must make one counter.
 */
#include "slowdev_test.h"
#include "slowdev_kernel.h"
#include "slowdev_ways.h"

#define PERIOD_US	20
#define RX_TRIGGER	"8"
#define CYCLE_BYTES	1000	/* about as many between two removals */
#define MAX_READ	4	/* bytes */
#define WORK_US		120	/* a byte: 8 readers do 67 a ms, 50 come */

#define SLOWER_THREADED	20	/* a thread can be late: sd_lossless_us() */

/* One read: bytes first, first + 1, ... that were there at @at_ns. */
struct note {
	long long at_ns;
	uint8_t first;
	uint8_t bytes;
};

struct reader {
	struct sd_call call;
	enum sd_way way;
	long long bytes;
	struct note *notes;	/* of one life of the chip */
	int nnotes;
	int next;		/* to be merged */
};

static struct reader readers[SD_WAYS];
static int slower;	/* so many times as long shall everything take */

/* The host's time is the VM's, and it was away for so long that bytes were
 * lost: who has which cannot be said any more.
 */
static bool paused;

/* Note a read. Within one the counter must count. */
static bool note(struct reader *reader, const uint8_t *buf, int n)
{
	int i;

	for (i = 1; i < n; i++)
		if (buf[i] != (uint8_t)(buf[0] + i))
			return false;
	reader->notes = realloc(reader->notes, (reader->nnotes + 1) *
				sizeof(*reader->notes));
	reader->notes[reader->nnotes++] = (struct note){
		.at_ns = sd_now_ns(), .first = buf[0], .bytes = n,
	};
	reader->bytes += n;
	return true;
}

/* A thread: read until the chip is gone. */
static void read_to_the_end(struct sd_call *call)
{
	struct reader *reader = (struct reader *)call;
	struct sd_waiter waiter;
	uint8_t buf[MAX_READ];
	size_t len = 1;
	ssize_t n;

	n = sd_way_begin(&waiter, reader->way, call->fd);
	if (!n) {
		while ((n = sd_way_read(&waiter, buf, len)) > 0) {
			if (!note(reader, buf, n)) {
				n = -EILSEQ;
				break;
			}
			/* do something with them: a quick reader would
			 * leave nothing to those who are woken after it
			 */
			usleep(n * WORK_US * slower);
			/* all sizes, each reader in its own order */
			len = (len + reader->way * 7 + 1) % MAX_READ + 1;
		}
		sd_way_end(&waiter);
	}
	call->ret = n;
	errno = -n;
}

/* Whose note goes on with @byte? Of several, the one that was there first. */
static struct reader *who_has(uint8_t byte)
{
	struct reader *found = NULL;
	int i;

	for (i = 0; i < SD_WAYS; i++) {
		struct reader *reader = &readers[i];
		const struct note *next = &reader->notes[reader->next];

		if (reader->next < reader->nnotes && next->first == byte &&
		    (!found || next->at_ns < found->notes[found->next].at_ns))
			found = reader;
	}
	return found;
}

/* Merge all notes; the counter goes on from *@byte. How many bytes that were. */
static long long merge(struct __test_metadata *_metadata, uint8_t *byte)
{
	struct reader *reader;
	long long bytes = 0;
	int i;

	while ((reader = who_has(*byte))) {
		*byte += reader->notes[reader->next].bytes;
		bytes += reader->notes[reader->next].bytes;
		reader->next++;
	}
	for (i = 0; i < SD_WAYS; i++) {
		reader = &readers[i];
		ASSERT_EQ(reader->nnotes, reader->next) {
			TH_LOG("nobody has byte %u, %s has %u at %lld ns",
			       *byte, sd_way_name(reader->way),
			       reader->notes[reader->next].first,
			       reader->notes[reader->next].at_ns);
		}
	}
	return bytes;
}

/*
 * One life of the chip, from bind to unbind; the bytes it brought, if they can
 * be told.
 */
static long long live(struct __test_metadata *_metadata, uint8_t *byte)
{
	struct sd_stats stats;
	int i;

	ASSERT_EQ(0, sd_put(0, "rx_trigger", RX_TRIGGER));
	for (i = 0; i < SD_WAYS; i++) {
		struct reader *reader = &readers[i];

		reader->way = i;
		reader->nnotes = 0;
		reader->next = 0;
		reader->call.fd = sd_open(_metadata, O_RDONLY);
		sd_start(_metadata, &reader->call, read_to_the_end);
	}
	ASSERT_TRUE(sd_until(sd_get(0, "stats/arrived") >= CYCLE_BYTES));
	sd_get_stats(0, &stats);
	paused |= sd_host_time() && stats.overruns;
	if (!paused) {
		/* else the readers would say so, without the reason */
		ASSERT_EQ(0, stats.overruns);
		ASSERT_EQ(0, stats.dropped);
	}
	ASSERT_EQ(0, sd_bind("unbind", 0));
	for (i = 0; i < SD_WAYS; i++) {
		sd_join(_metadata, &readers[i].call);
		if (!paused)
			ASSERT_EQ(-ENODEV, readers[i].call.ret) {
				TH_LOG("%s", sd_way_name(readers[i].way));
			}
		sd_close(readers[i].call.fd);
	}
	ASSERT_EQ(0, sd_bind("bind", 0));
	ASSERT_TRUE(sd_until(access("/dev/slowdev0", F_OK) == 0));
	if (paused)
		return 0;
	return merge(_metadata, byte);
}

TEST_F_TIMEOUT(slowdev, every_byte_once_while_the_chip_comes_and_goes,
	       SD_ENDURE_S)
{
	int cycles = sd_cycles(), cycle, i;
	long long bytes = 0;
	uint8_t byte = 0;

	slower = sd_slower() * (sd_threaded() ? SLOWER_THREADED : 1);
	sd_load_with(_metadata, "source=counter period_us=%d",
		     PERIOD_US * slower);
	/* a chip that comes back goes on counting where it stood */
	for (cycle = 0; cycle < cycles; cycle++)
		bytes += live(_metadata, &byte);
	if (paused)
		SKIP(return, "the host paused");
	ASSERT_LE((long long)cycles * CYCLE_BYTES, bytes);
	TH_LOG("%lld bytes, %d removals", bytes, cycles);
	for (i = 0; i < SD_WAYS; i++) {
		TH_LOG("%lld by %s", readers[i].bytes, sd_way_name(i));
		ASSERT_LT(0, readers[i].bytes);
		free(readers[i].notes);
	}
	sd_check_leaks(_metadata);
}

TEST_HARNESS_MAIN
