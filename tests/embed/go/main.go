// main.go - Go: foster's bytes, embedded by the compiler and executed out of
// memory as process 1 of a new PID namespace. Go's own runtime has threads, and
// cannot be that process itself.
//
//	sandbox [--] PROGRAM [ARG]...
//
// The file called foster is what "make blob" gives.
package main

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"unsafe"
)

//go:embed foster
var foster []byte

const (
	mfdCloexec = 0x1
	mfdExec    = 0x10
)

var memfdCreate = map[string]uintptr{"amd64": 319, "arm64": 279}

// Before Linux 6.3 the flag is unknown, and not needed.
func newMemfd() (*os.File, error) {
	name := []byte("foster\x00")
	for _, flags := range []uintptr{mfdCloexec | mfdExec, mfdCloexec} {
		fd, _, errno := syscall.Syscall(memfdCreate[runtime.GOARCH],
			uintptr(unsafe.Pointer(&name[0])), flags, 0)
		if errno == 0 {
			return os.NewFile(fd, "foster"), nil
		}
		if errno != syscall.EINVAL {
			return nil, errno
		}
	}
	return nil, syscall.EINVAL
}

func run() (int, error) {
	file, err := newMemfd()
	if err != nil {
		return 0, err
	}
	if _, err = file.Write(foster); err != nil {
		return 0, err
	}
	command := exec.Command(fmt.Sprintf("/proc/self/fd/%d", file.Fd()),
		os.Args[1:]...)
	command.Stdin, command.Stdout, command.Stderr =
		os.Stdin, os.Stdout, os.Stderr
	command.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWPID,
		UidMappings: []syscall.SysProcIDMap{
			{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{
			{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	err = command.Run()
	if command.ProcessState == nil {
		return 0, err
	}
	return command.ProcessState.ExitCode(), nil
}

func main() {
	status, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 125
	}
	os.Exit(status)
}
