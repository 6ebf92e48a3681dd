//! The program `casestream`.

use std::process::ExitCode;

/// The service makes many small, short-lived values on several threads, which this allocator is made for.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    api::cli::main()
}
