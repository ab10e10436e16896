// SPDX-License-Identifier: MIT
/*
 * Loading a static little-endian ELF32 executable for MIPS32.
 *
 * Nothing in the file is believed: every offset and size is checked against
 * the file and RAM before it is used, in 64 bits, where 32-bit sums do not
 * wrap. Sections, symbols and notes are not looked at.
 */
#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mips-sim/elf.h"
#include "mips-sim/machine.h"

struct program {
	const char *path;
	int fd;
	uint64_t size;		/* of the file, bytes */
};

/* @len bytes at @offset of the file, which has them. */
static void read_at(const struct program *p, void *to, uint64_t len,
		    uint64_t offset)
{
	uint8_t *at = to;
	ssize_t got;

	while (len) {
		got = pread(p->fd, at, len, offset);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			die("%s: %s", p->path, strerror(errno));
		if (got == 0)
			die("%s: shorter than it was a moment ago", p->path);
		at += got;
		offset += got;
		len -= got;
	}
}

static void check_header(const struct program *p, const Elf32_Ehdr *e)
{
	uint32_t flags = le32toh(e->e_flags);

	if (memcmp(e->e_ident, ELFMAG, SELFMAG) != 0)
		die("%s: not an ELF file", p->path);
	if (e->e_ident[EI_CLASS] != ELFCLASS32 ||
	    e->e_ident[EI_DATA] != ELFDATA2LSB ||
	    le16toh(e->e_machine) != EM_MIPS)
		die("%s: not for a little-endian 32-bit MIPS", p->path);
	if (e->e_ident[EI_VERSION] != EV_CURRENT)
		die("%s: ELF of an unknown version", p->path);
	if (le16toh(e->e_type) != ET_EXEC)
		die("%s: not a static executable (ELF type %u)%s", p->path,
		    le16toh(e->e_type), le16toh(e->e_type) == ET_DYN ?
		    ": link it with -static -no-pie" : "");
	switch (flags & EF_MIPS_ARCH) {
	case EF_MIPS_ARCH_1:
	case EF_MIPS_ARCH_2:
	case EF_MIPS_ARCH_32:
	case EF_MIPS_ARCH_32R2:
		break;
	default:
		die("%s: for another MIPS architecture (ELF flags 0x%08x)",
		    p->path, flags);
	}
	if (le16toh(e->e_phentsize) != sizeof(Elf32_Phdr) ||
	    e->e_phnum == 0 || le16toh(e->e_phnum) == PN_XNUM)
		die("%s: no program headers that make sense", p->path);
	if (le32toh(e->e_phoff) + le16toh(e->e_phnum) *
	    (uint64_t)sizeof(Elf32_Phdr) > p->size)
		die("%s: program headers beyond the end of the file", p->path);
}

static void load_segment(struct machine *m, const struct program *p,
			 const Elf32_Phdr *ph, unsigned int number)
{
	uint32_t paddr = le32toh(ph->p_paddr) & 0x1fffffff;
	uint64_t offset = le32toh(ph->p_offset);
	uint32_t file_size = le32toh(ph->p_filesz);
	uint32_t size = le32toh(ph->p_memsz);
	uint8_t *to = bus_ram(m, paddr, size);

	if (file_size > size)
		die("%s: segment %u is larger in the file than in memory",
		    p->path, number);
	if (offset + file_size > p->size)
		die("%s: segment %u goes beyond the end of the file", p->path,
		    number);
	if (!to)
		die("%s: segment %u (%u bytes at physical 0x%08x) does not "
		    "fit into %u MiB of RAM", p->path, number, size, paddr,
		    m->cpu.ram_size >> 20);
	read_at(p, to, file_size, offset);
	memset(to + file_size, 0, size - file_size);
	if (paddr + size > m->program_end)
		m->program_end = paddr + size;
}

static void load_segments(struct machine *m, const struct program *p,
			  const Elf32_Ehdr *e)
{
	unsigned int loaded = 0;
	unsigned int i;
	Elf32_Phdr ph;

	for (i = 0; i < le16toh(e->e_phnum); i++) {
		read_at(p, &ph, sizeof(ph),
			le32toh(e->e_phoff) + i * (uint64_t)sizeof(ph));
		switch (le32toh(ph.p_type)) {
		case PT_LOAD:
			load_segment(m, p, &ph, i);
			loaded++;
			break;
		case PT_INTERP:
		case PT_DYNAMIC:
			die("%s: needs a dynamic linker", p->path);
		}
	}
	if (!loaded)
		die("%s: nothing to load", p->path);
}

void elf_load(struct machine *m, const char *path)
{
	struct program p = { .path = path };
	struct stat st;
	Elf32_Ehdr e;
	uint32_t entry;

	/* O_NONBLOCK: a FIFO must not keep us */
	p.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (p.fd < 0 || fstat(p.fd, &st) != 0)
		die("%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		die("%s: not a regular file", path);
	p.size = st.st_size;
	if (p.size < sizeof(e))
		die("%s: not an ELF file (%llu bytes)", path,
		    (unsigned long long)p.size);
	m->program_was = st;
	read_at(&p, &e, sizeof(e), 0);
	check_header(&p, &e);
	load_segments(m, &p, &e);
	close(p.fd);

	entry = le32toh(e.e_entry);
	if (entry < 0x80000000 || entry >= 0xc0000000)
		die("%s: entry 0x%08x is not in KSEG0 or KSEG1: link it with "
		    "-T mips-sim/guest/guest.ld", path, entry);
	if (entry & 3)
		die("%s: entry 0x%08x is not aligned to an instruction", path,
		    entry);
	m->cpu.pc = entry;
	m->cpu.next_pc = entry + 4;
}

bool elf_unchanged(const struct machine *m)
{
	const struct stat *was = &m->program_was;
	struct stat is;

	return stat(m->program, &is) == 0 && is.st_dev == was->st_dev &&
	       is.st_ino == was->st_ino && is.st_size == was->st_size &&
	       is.st_mtim.tv_sec == was->st_mtim.tv_sec &&
	       is.st_mtim.tv_nsec == was->st_mtim.tv_nsec;
}
