// SPDX-License-Identifier: MIT
/*
 * The positions in all files of a run. See replay.h.
 *
 * Limits: inputs are kept in memory as a whole.
 */
#include "mips-sim/machine.h"
#include "mips-sim/replay.h"
#include "mips-sim/snapshot.h"

#define INPUTS	3
#define OUTPUTS	6

struct saved {
	uint64_t taken[INPUTS];
	bool ended[INPUTS];
	uint64_t made[OUTPUTS];
};

/* NULL where there is none, or it has been there before. */
static struct input *input(const struct machine *m, unsigned int i)
{
	struct input *const inputs[INPUTS] = {
		m->slow.line_in, m->uart.input, m->standard_in,
	};
	bool shared = i == 2 && (inputs[2] == inputs[0] ||
				 inputs[2] == inputs[1]);

	return shared ? NULL : inputs[i];
}

static struct output *output(struct machine *m, unsigned int i)
{
	struct output *const outputs[OUTPUTS] = {
		&m->standard_out, &m->standard_error, &m->slow.line_out,
		&m->trace, &m->timeline.lines, &m->timeline.chrome,
	};

	return outputs[i];
}

void replay_begin(struct machine *m)
{
	struct input *in;
	unsigned int i;

	for (i = 0; i < INPUTS; i++) {
		in = input(m, i);
		input_keep(in);
		if (in)
			in->followed = true;
	}
}

void replay_turn(struct machine *m)
{
	unsigned int i;

	for (i = 0; i < OUTPUTS; i++)
		output_turn(output(m, i));
}

/* ---- snapshots ---------------------------------------------------------- */

static size_t state_size(const struct machine *m)
{
	(void)m;
	return sizeof(struct saved);
}

static void save(const struct machine *m, void *to)
{
	struct saved *saved = to;
	const struct input *in;
	unsigned int i;

	for (i = 0; i < INPUTS; i++) {
		in = input(m, i);
		saved->taken[i] = in ? in->taken : 0;
		saved->ended[i] = in && in->ended;
	}
	for (i = 0; i < OUTPUTS; i++)
		saved->made[i] = output((struct machine *)m, i)->made;
}

static void restore(struct machine *m, const void *from)
{
	const struct saved *saved = from;
	struct input *in;
	unsigned int i;

	for (i = 0; i < INPUTS; i++) {
		in = input(m, i);
		if (in) {
			in->taken = saved->taken[i];
			in->ended = saved->ended[i];
		}
	}
	for (i = 0; i < OUTPUTS; i++)
		output(m, i)->made = saved->made[i];
}

const struct snapshot_part files_part = { state_size, save, restore };
