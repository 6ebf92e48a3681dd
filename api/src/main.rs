//! The program `casestream`.

use std::process::ExitCode;

fn main() -> ExitCode {
    api::cli::main()
}
