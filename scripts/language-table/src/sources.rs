//! The sources: fetched with the clients of their registries, then held to their checksums. Any
//! trouble ends the tool with a message, for there is no table of half the sources.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

/// Unicode CLDR as npm has it: version 48.2.0, licence Unicode-3.0.
const CLDR: &[(&str, &str)] = &[
    ("cldr-annotations-full", "28576e51225deb51e3ddd734b0f824a0079682cb5d8c27faa9f68149317a14d1"),
    ("cldr-annotations-derived-full", "4be946ff5815f806ec78b50363d577a769f2fbfb90c6380a44e161a92436996e"),
    ("cldr-dates-full", "0256f1cefeca14f7d515be4872dda48fcdd7e75381430f25aafd0143eae5b430"),
    ("cldr-localenames-full", "7f2ac7fd3b5d90f56ad127f9ed5ae67b58b3e556818f55530b9f47bb81bcde57"),
    ("cldr-misc-full", "c6ba8384d7ea8701cf86935db0461379231ddd970cc41c249f4a33b9857ded3c"),
    ("cldr-numbers-full", "2d17a1453c559a62112caeed52e0bcfe3cb8539c99d239ae7b7ed4d0827679d9"),
    ("cldr-units-full", "754d55f183570c53029a77493302f432fb3e905df35a715f9cb022e2ebcb093c"),
];
const CLDR_VERSION: &str = "48.2.0";

/// langidentify 1.0.2 of PyPI, licence Apache-2.0.
const LANGIDENTIFY: (&str, &str) =
    ("langidentify-1.0.2-py3-none-any.whl", "c525e423b96a4175ff65dde49c7c38ea946b8dfba7b087b6cce2d786b50c6733");

/// Where the sources lie, each as its registry packs it.
pub struct Sources {
    pub langidentify: PathBuf,
    pub cldr: Vec<PathBuf>,
    crates: PathBuf,
    lock: toml::Table,
}

/// Brings what is not in `folder` yet.
pub fn fetch(folder: &Path) -> Sources {
    std::fs::create_dir_all(folder).expect("target/ can be written to");
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    run(Command::new("cargo").args(["fetch", "--locked", "--manifest-path"]).arg(manifest.join("Cargo.toml")));
    let cldr = CLDR.iter().map(|(name, sum)| {
        let path = folder.join(format!("{name}-{CLDR_VERSION}.tgz"));
        if !path.exists() {
            let pack = format!("{name}@{CLDR_VERSION}");
            run(Command::new("npm").args(["pack", &pack, "--pack-destination"]).arg(folder));
        }
        verified(path, sum)
    });
    let cldr = cldr.collect();
    let wheel = folder.join(LANGIDENTIFY.0);
    if !wheel.exists() {
        run(Command::new("pip").args(["download", "--no-deps", "langidentify==1.0.2", "-d"]).arg(folder));
    }
    let lock = std::fs::read_to_string(manifest.join("Cargo.lock")).expect("Cargo.lock is beside the tool");
    Sources {
        langidentify: verified(wheel, LANGIDENTIFY.1),
        cldr,
        crates: cargo_home().join("registry/cache"),
        lock: lock.parse().expect("Cargo.lock is TOML"),
    }
}

impl Sources {
    /// The model crate of a language, as crates.io packs it.
    pub fn lingua(&self, name: &str) -> PathBuf {
        let package = format!("lingua-{name}-language-model");
        let of_it = |entry: &&toml::Value| entry["name"].as_str() == Some(&package);
        let entry = self.lock["package"].as_array().and_then(|all| all.iter().find(of_it));
        let entry = entry.unwrap_or_else(|| panic!("{package} is not in Cargo.lock"));
        let text = |key: &str| entry[key].as_str().expect("a registry's package has version and checksum");
        let file = format!("{package}-{}.crate", text("version"));
        let registries = std::fs::read_dir(&self.crates).expect("cargo fetch has filled its cache");
        let found = registries.flatten().map(|registry| registry.path().join(&file)).find(|path| path.exists());
        verified(found.unwrap_or_else(|| panic!("{file} is not in {}", self.crates.display())), text("checksum"))
    }
}

/// The one file of a packed folder that `wanted` names, and no other.
pub fn unpacked(pack: &Path, mut wanted: impl FnMut(&str) -> bool, mut each: impl FnMut(&str, Vec<u8>)) {
    let file = std::fs::File::open(pack).expect("a fetched pack can be read");
    let mut pack = tar::Archive::new(flate2::read::GzDecoder::new(file));
    for entry in pack.entries().expect("a checked pack is whole") {
        let mut entry = entry.expect("a checked pack is whole");
        let path = entry.path().expect("names are UTF-8").to_string_lossy().into_owned();
        if wanted(&path) {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("a checked pack is whole");
            each(&path, bytes);
        }
    }
}

fn cargo_home() -> PathBuf {
    let home = || std::env::home_dir().expect("somebody's home").join(".cargo");
    std::env::var_os("CARGO_HOME").map_or_else(home, PathBuf::from)
}

fn verified(path: PathBuf, sum: &str) -> PathBuf {
    let bytes = std::fs::read(&path).unwrap_or_else(|why| panic!("cannot read {}: {why}", path.display()));
    let found: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(found, sum, "{} is not the file that the table was made from", path.display());
    path
}

fn run(command: &mut Command) {
    let status = command.status().unwrap_or_else(|why| panic!("cannot run {command:?}: {why}"));
    assert!(status.success(), "{command:?} failed: {status}");
}
