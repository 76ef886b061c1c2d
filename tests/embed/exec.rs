// exec.rs - foster in the child of std::process::Command: it tends there, and
// what Command starts is its program. Rust's own pipe, by which it learns if
// the program was executed, is foster's to close (close_from 0).
//
//	exec PROGRAM [ARG]...
use std::io;
use std::os::raw::c_int;
use std::os::unix::process::CommandExt;
use std::process::{exit, Command};

extern "C" {
    // tend.c: foster_begin(), a fork, foster_child() in the child, where it
    // returns; the parent tends and exits with the status.
    fn begin_tended_child() -> c_int;
}

fn main() {
    let mut words = std::env::args_os().skip(1);
    let mut command = Command::new(words.next().expect("a program"));
    command.args(words);
    unsafe {
        command.pre_exec(|| match begin_tended_child() {
            0 => Ok(()),
            error => Err(io::Error::from_raw_os_error(-error)),
        });
    }
    let status = command.status().expect("started");
    exit(status.code().unwrap_or(99));
}
