// function.cc - C++: the child goes on as a function, without executing
// anything, and what it leaves behind is ended.
//
//	function STATUS
#include "foster.h"

#include <cstdlib>
#include <sys/types.h>
#include <unistd.h>

namespace {

int work(int status)
{
	if (fork() == 0) // left behind
		for (;;)
			pause();
	return status;
}

} // namespace

int main(int argc, char **argv)
{
	foster_options options = foster_options();
	foster_result result = foster_result();
	struct foster foster;
	pid_t pid;

	options.size = sizeof(options);
	result.size = sizeof(result);
	if (argc < 2 || foster_begin(&foster, &options) < 0)
		return 125;
	pid = fork();
	if (pid == 0) {
		foster_child(&foster);
		_exit(work(std::atoi(argv[1])));
	}
	if (pid < 0 || foster_tend(&foster, pid, &result) < 0)
		return 125;
	return foster_exit_status(&result);
}
