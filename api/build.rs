//! Tells Cargo when the portal was built anew. A debug build reads the portal's files from the disk, so only others hold them.

fn main() {
    let holds_files = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    println!("cargo::rerun-if-changed={}", if holds_files { "portal/dist" } else { "build.rs" });
}
