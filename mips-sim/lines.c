// SPDX-License-Identifier: MIT
/*
 * The lines of the source that instructions are from. See lines.h.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mips-sim/files.h"
#include "mips-sim/lines.h"

#define ADDR2LINE	"mipsel-linux-gnu-addr2line"

/* In the child: addr2line with its output to @fd. */
__attribute__((noreturn))
static void addr2line(const char *path, const uint32_t *vaddrs,
		      unsigned int count, int fd)
{
	char **argv = calloc(count + 5, sizeof(*argv));
	char *text = calloc(count, 11);
	int nowhere = open("/dev/null", O_RDWR);
	unsigned int i, n = 0;

	if (!argv || !text)
		_exit(1);
	argv[n++] = (char *)ADDR2LINE;
	argv[n++] = (char *)"-s";	/* no directories */
	argv[n++] = (char *)"-e";
	argv[n++] = (char *)path;
	for (i = 0; i < count; i++) {
		snprintf(text + 11 * i, 11, "0x%08x", vaddrs[i]);
		argv[n++] = text + 11 * i;
	}
	dup2(nowhere, STDIN_FILENO);
	dup2(nowhere, STDERR_FILENO);
	dup2(fd, STDOUT_FILENO);
	execvp(ADDR2LINE, argv);
	_exit(1);
}

/* "FILE:LINE (discriminator N)", or question marks for what is not known. */
static void take(char *to, char *line)
{
	line[strcspn(line, " \n")] = '\0';
	if (!strchr(line, '?') && strlen(line) < LINES_MAX &&
	    strcmp(line + strcspn(line, ":"), ":0") != 0)
		strcpy(to, line);
}

void lines_find(const char *path, const uint32_t *vaddrs, unsigned int count,
		char (*lines)[LINES_MAX])
{
	char line[4096];
	FILE *in;
	int fds[2];
	unsigned int i;
	pid_t pid;

	memset(lines, 0, count * sizeof(*lines));
	if (pipe2(fds, O_CLOEXEC) != 0)
		return;
	pid = fork();
	if (pid == 0)
		addr2line(path, vaddrs, count, fds[1]);
	close(fds[1]);
	in = fdopen(fds[0], "r");
	for (i = 0; in && i < count && fgets(line, sizeof(line), in); i++)
		take(lines[i], line);
	if (in)
		fclose(in);
	if (pid > 0)
		waitpid(pid, NULL, 0);
}
