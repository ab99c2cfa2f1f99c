//! Files of `data/` are embedded in the binary: a new one there must make a new binary.

fn main() {
    println!("cargo:rerun-if-changed=../../data");
}
