// SPDX-License-Identifier: MIT
/*
 * mips-sim: a MIPS32 processor, RAM and one slow chip.
 *
 * Reads the command line, builds the board, runs it, writes what was asked
 * for. docs/mips-sim.1 says it all for users.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mips-sim/elf.h"
#include "mips-sim/gdb.h"
#include "mips-sim/lockstep.h"
#include "mips-sim/machine.h"
#include "mips-sim/report.h"
#include "mips-sim/twin.h"

static const char usage[] =
"usage: mips-sim [OPTION]... PROGRAM.elf\n"
"\n"
"  --line-in FILE     bytes that arrive at the chip (- is standard input)\n"
"  --line-out FILE    gets the bytes the chip sends (- is standard output)\n"
"  --console-in FILE  bytes for the UART (- is standard input)\n"
"  --period NS        the chip's time for a byte at reset (1000000)\n"
"  --clock-mhz N      instructions in a microsecond, 1 to 10000 (100)\n"
"  --ram-mib N        1 to 496 (128)\n"
"  --max-insns N      end with status 124 after N instructions\n"
"  --stats FILE       what it cost, as one JSON object\n"
"  --trace FILE       a line for each instruction\n"
"  --trace-only WHAT  only these: exceptions, chip, ADDRESS[-ADDRESS], a\n"
"                     SYMBOL of the program; may be given several times\n"
"  --timeline FILE    what happened when, as JSON lines\n"
"  --chrome FILE      the same for Perfetto\n"
"  --spim             SPIM's console at 0xffff0000 and its system calls\n"
"  --engine NAME      step: one instruction after the other; block: decoded\n"
"                     once; jit: as the host's code. The faster, the later;\n"
"                     the same in every other respect (jit)\n"
"  --lockstep         compare it all the time with step\n"
"  --gdb PORT         wait for GDB on 127.0.0.1\n"
"  -h, --help         this\n"
"\n"
"Ends with the program's own status; 124: --max-insns ran out; 125: bad\n"
"option, program or file; 126: the program cannot go on.\n";

struct options {
	const char *line_in;
	const char *line_out;
	const char *console_in;
	const char *stats;
	const char *trace;
	const char *trace_only[TRACE_ONLY_MAX];
	unsigned int trace_only_count;
	const char *timeline;
	const char *chrome;
	uint64_t period_ns;
	uint64_t clock_mhz;
	uint64_t ram_mib;
	uint64_t max_insns;
	enum engine engine;
	bool spim;
	bool lockstep;
	uint16_t gdb_port;	/* 0: no GDB */
	const char *program;
};

/* ---- the command line -------------------------------------------------- */

static uint64_t number(const char *option, const char *text, uint64_t min,
		       uint64_t max)
{
	uint64_t val;
	char *end;

	errno = 0;
	val = strtoull(text, &end, 10);
	/* strtoull would take blanks and signs */
	if (text[0] < '0' || text[0] > '9' || *end || errno || val < min ||
	    val > max)
		die("--%s: '%s' is not a number from %" PRIu64 " to %" PRIu64,
		    option, text, min, max);
	return val;
}

static const char *stream(const char *option, const char *text)
{
	if (!*text)
		die("--%s: no file name", option);
	return text;
}

/* The same, and no standard stream. */
static const char *file(const char *option, const char *text)
{
	if (strcmp(stream(option, text), "-") == 0)
		die("--%s: needs a file; standard output is the guest's",
		    option);
	return text;
}

static enum engine engine(const char *text)
{
	static const char *const names[] = {
		[ENGINE_STEP] = "step", [ENGINE_BLOCK] = "block",
		[ENGINE_JIT] = "jit",
	};
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(text, names[i]) == 0)
			return i;
	die("--engine: '%s' is none of step, block, jit", text);
}

enum long_option {
	LINE_IN = 256,
	LINE_OUT,
	CONSOLE_IN,
	PERIOD,
	CLOCK_MHZ,
	RAM_MIB,
	MAX_INSNS,
	STATS,
	TRACE,
	TRACE_ONLY,
	TIMELINE,
	CHROME,
	SPIM,
	ENGINE,
	LOCKSTEP,
	GDB,
};

static const struct option long_options[] = {
	{ "line-in", required_argument, NULL, LINE_IN },
	{ "line-out", required_argument, NULL, LINE_OUT },
	{ "console-in", required_argument, NULL, CONSOLE_IN },
	{ "period", required_argument, NULL, PERIOD },
	{ "clock-mhz", required_argument, NULL, CLOCK_MHZ },
	{ "ram-mib", required_argument, NULL, RAM_MIB },
	{ "max-insns", required_argument, NULL, MAX_INSNS },
	{ "stats", required_argument, NULL, STATS },
	{ "trace", required_argument, NULL, TRACE },
	{ "trace-only", required_argument, NULL, TRACE_ONLY },
	{ "timeline", required_argument, NULL, TIMELINE },
	{ "chrome", required_argument, NULL, CHROME },
	{ "spim", no_argument, NULL, SPIM },
	{ "engine", required_argument, NULL, ENGINE },
	{ "lockstep", no_argument, NULL, LOCKSTEP },
	{ "gdb", required_argument, NULL, GDB },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

/* An option that getopt did not like, as the user wrote it. */
static void bad_option(char **argv, int c)
{
	const char *word = argv[optind - 1];

	if (c == ':')
		die("%s needs a value (see --help)", word);
	if (optopt && strncmp(word, "--", 2) != 0)
		die("no option -%c (see --help)", optopt);
	if (optopt)
		die("%s takes no value (see --help)", word);
	die("no option %s (see --help)", word);
}

__attribute__((noreturn)) static void help(void)
{
	if (fputs(usage, stdout) < 0 || fflush(stdout) != 0)
		die("standard output: %s", strerror(errno));
	exit(0);
}

static void parse(int argc, char **argv, struct options *o)
{
	const char *name;
	int c, index;

	opterr = 0;
	while ((c = getopt_long(argc, argv, ":h", long_options, &index)) !=
	       -1) {
		name = c >= LINE_IN ? long_options[index].name : NULL;
		switch (c) {
		case LINE_IN:
			o->line_in = stream(name, optarg);
			break;
		case LINE_OUT:
			o->line_out = stream(name, optarg);
			break;
		case CONSOLE_IN:
			o->console_in = stream(name, optarg);
			break;
		case PERIOD:
			o->period_ns = number(name, optarg, 1, UINT32_MAX);
			break;
		case CLOCK_MHZ:
			o->clock_mhz = number(name, optarg, 1, 10000);
			break;
		case RAM_MIB:
			o->ram_mib = number(name, optarg, 1, BUS_RAM_MIB_MAX);
			break;
		case MAX_INSNS:
			o->max_insns = number(name, optarg, 0, UINT64_MAX);
			break;
		case STATS:
			o->stats = file(name, optarg);
			break;
		case TRACE:
			o->trace = file(name, optarg);
			break;
		case TRACE_ONLY:
			if (o->trace_only_count == TRACE_ONLY_MAX)
				die("--%s: more than %d", name, TRACE_ONLY_MAX);
			o->trace_only[o->trace_only_count++] = optarg;
			break;
		case TIMELINE:
			o->timeline = file(name, optarg);
			break;
		case CHROME:
			o->chrome = file(name, optarg);
			break;
		case SPIM:
			o->spim = true;
			break;
		case ENGINE:
			o->engine = engine(optarg);
			break;
		case LOCKSTEP:
			o->lockstep = true;
			break;
		case GDB:
			o->gdb_port = number(name, optarg, 1, 65535);
			break;
		case 'h':
			help();
		default:
			bad_option(argv, c);
		}
	}
	if (optind == argc || !*argv[optind])
		die("no program given (see --help)");
	if (optind + 1 < argc)
		die("one program, please: '%s' is one too many (see --help)",
		    argv[optind + 1]);
	o->program = argv[optind];
	if (o->trace_only_count && !o->trace)
		die("--trace-only: needs --trace");
	if (o->line_in && o->console_in && strcmp(o->line_in, "-") == 0 &&
	    strcmp(o->console_in, "-") == 0)
		die("--line-in and --console-in cannot both be standard "
		    "input");
}

/* ---- the board --------------------------------------------------------- */

static void open_files(struct machine *m, const struct options *o,
		       struct output *stats)
{
	struct input *console;

	files_use(&m->program_was, "the program");
	files_use_standard();
	m->slow.line_in = input_open(o->line_in);
	console = input_open(o->console_in);
	/* UHI reads standard input too, behind whoever else does */
	if (o->line_in && strcmp(o->line_in, "-") == 0)
		m->standard_in = m->slow.line_in;
	else if (o->console_in && strcmp(o->console_in, "-") == 0)
		m->standard_in = console;
	else
		m->standard_in = input_open("-");
	dev_uart_init(m, console);
	if (o->spim)
		dev_spim_init(m, console ? console : m->standard_in);

	output_open(&m->standard_out, "-");
	m->standard_error = (struct output){ .name = "standard error",
					     .file = stderr };
	output_open(&m->slow.line_out, o->line_out);
	output_open(&m->trace, o->trace);
	timeline_open(&m->timeline, o->timeline, o->chrome);
	output_open(stats, o->stats);
}

static void build(struct machine *m, const struct options *o)
{
	size_t size = (size_t)o->ram_mib << 20;
	unsigned int i;

	m->cpu.machine = m;
	m->clock_mhz = o->clock_mhz;
	m->max_insns = o->max_insns;
	m->program = o->program;
	m->engine = o->engine;
	/* untouched pages cost nothing, and are zero */
	m->cpu.ram = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (m->cpu.ram == MAP_FAILED)
		die("no memory for %" PRIu64 " MiB of RAM", o->ram_mib);
	m->cpu.ram_size = size;
	cpu_reset(&m->cpu);
	elf_load(m, o->program);
	if (o->trace || o->stats)
		m->symbols = symbols_load(o->program);
	if (o->stats)
		m->profile = profile_new(m->symbols);
	for (i = 0; i < o->trace_only_count; i++)
		trace_only_add(m, o->trace_only[i]);
}

/* Write the last of everything. False: something could not be written. */
static bool finish(struct machine *m, struct output *stats)
{
	bool good = true;

	timeline_finish(m);
	stats_print(m, stats);
	if (m->slow.line_out.file != stdout)
		good &= output_close(&m->slow.line_out);
	good &= output_close(&m->standard_out);
	good &= output_close(&m->trace);
	good &= output_close(&m->timeline.lines);
	good &= output_close(&m->timeline.chrome);
	good &= output_close(stats);
	return good;
}

static void catch_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction catch = { .sa_handler = machine_signal };
	struct sigaction was;
	unsigned int i;

	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		/* what we were told to ignore stays ignored */
		if (sigaction(signals[i], NULL, &was) == 0 &&
		    was.sa_handler != SIG_IGN)
			sigaction(signals[i], &catch, NULL);
	}
	/* a closed pipe, or a file that may not grow (ulimit -f), is an error
	 * of writing, and is told as one */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

int main(int argc, char **argv)
{
	static struct machine machine;
	struct machine *m = &machine;
	struct options o = {
		.period_ns = SLOWCHIP_PERIOD_RESET, .clock_mhz = 100,
		.ram_mib = 128, .max_insns = UINT64_MAX,
		.engine = ENGINE_JIT,
	};
	struct output stats;
	bool good;

	files_reserve_standard();
	parse(argc, argv, &o);
	build(m, &o);
	open_files(m, &o, &stats);
	dev_slow_init(m, o.period_ns);
	catch_signals();
	if (!o.gdb_port)
		twin_prepare(m);
	if (o.gdb_port)
		gdb_run(m, o.gdb_port);
	else if (o.lockstep && m->engine != ENGINE_STEP && !o.trace)
		lockstep_run(m);
	else
		machine_run(m);
	if (!m->ended)		/* a signal ended it */
		m->status = 128 + machine_signalled;

	good = finish(m, &stats);
	report(m);
	stats_free(&m->stats);
	if (m->profile)
		profile_free(m->profile);
	if (m->symbols)
		symbols_free(m->symbols);
	if (!m->ended) {
		signal(machine_signalled, SIG_DFL);
		raise(machine_signalled);
	}
	return good ? m->status : EXIT_BAD_INPUT;
}
