//! Tells Cargo to rebuild when a file that is compiled into the program changes.
//!
//! Generates nothing: migrations, questions and prompts are embedded by macros, which do not notice new files.

fn main() {
    for folder in ["migrations", "content", "prompts"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
