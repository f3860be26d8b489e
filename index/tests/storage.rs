//! When a folder is reused and when it is built again.

#![expect(clippy::unwrap_used, reason = "tests")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::entries;
use guichet_index::{Index, Opened};
use tempfile::TempDir;

fn open(dir: &Path, hash: &str) -> (Index, Opened) {
    Index::open_or_build(dir, hash, &entries(), &mut |_| {}).unwrap()
}

/// A directory with an index, and the folder of the index.
fn built() -> (TempDir, PathBuf) {
    let dir = TempDir::new().unwrap();
    open(dir.path(), "hash-1");
    let folder = only_folder(dir.path());
    (dir, folder)
}

fn only_folder(dir: &Path) -> PathBuf {
    let folders: Vec<_> = fs::read_dir(dir).unwrap().map(|folder| folder.unwrap().path()).collect();
    assert_eq!(folders.len(), 1, "{folders:?}");
    folders[0].clone()
}

/// Opens again: it must be rebuilt for a reason that holds `expected`, then work and be reused.
#[track_caller]
fn check_rebuilt(dir: &Path, expected: &str) {
    let (index, opened) = open(dir, "hash-1");
    let Opened::Rebuilt { reason } = opened else { panic!("reused") };
    assert!(reason.contains(expected), "{reason:?} does not hold {expected:?}");
    assert_eq!(index.search("résilier", 5).unwrap()[0].entry, 1);
    assert_eq!(open(dir, "hash-1").1, Opened::Reused);
    only_folder(dir);
}

#[test]
fn an_index_on_disk_is_reused_for_the_same_content() {
    let dir = TempDir::new().unwrap();
    let (first, opened) = open(&dir.path().join("deep/er"), "hash-1");
    assert!(matches!(opened, Opened::Rebuilt { .. }), "{opened:?}");
    let (second, opened) = open(&dir.path().join("deep/er"), "hash-1");
    assert_eq!(opened, Opened::Reused);
    assert_eq!(first.stats(), second.stats());
    assert!(first.stats().bytes_on_disk > 1000);

    let in_ram = Index::in_ram(&entries(), &mut |_| {}).unwrap();
    for question in ["résilier un contrat", "factrure", "c'est quand"] {
        assert_eq!(first.search(question, 50).unwrap(), second.search(question, 50).unwrap());
        assert_eq!(first.search(question, 50).unwrap(), in_ram.search(question, 50).unwrap());
    }
}

#[test]
fn another_content_is_built_and_the_older_index_goes() {
    let (dir, old) = built();
    let (index, _) = open(dir.path(), "hash-1");
    let (_, opened) = open(dir.path(), "other-2");
    assert!(matches!(opened, Opened::Rebuilt { .. }), "{opened:?}");
    assert_ne!(only_folder(dir.path()), old);
    assert_eq!(index.search("résilier", 5).unwrap()[0].entry, 1, "an index in use survives its files");
}

#[test]
fn hashes_that_start_alike_are_told_apart() {
    let dir = TempDir::new().unwrap();
    let start = "0123456789abcdef";
    open(dir.path(), &format!("{start}-one"));
    let (_, opened) = open(dir.path(), &format!("{start}-two"));
    assert_eq!(opened, Opened::Rebuilt { reason: "the content has changed".to_owned() });
    only_folder(dir.path());
}

#[test]
fn a_seal_of_random_bytes_is_rebuilt() {
    let (dir, folder) = built();
    fs::write(folder.join("guichet.json"), [0, 159, 146, 150, 7]).unwrap();
    check_rebuilt(dir.path(), "guichet.json is not understood");
}

#[test]
fn a_meta_file_of_random_bytes_is_rebuilt() {
    let (dir, folder) = built();
    let meta = folder.join("meta.json");
    let length = fs::metadata(&meta).unwrap().len() as usize;
    fs::write(&meta, vec![0xf7; length]).unwrap();
    check_rebuilt(dir.path(), "engine");
}

#[test]
fn every_missing_file_is_noticed() {
    let (_dir, folder) = built();
    let names: Vec<_> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name()).collect();
    for name in names.iter().filter(|name| !name.to_string_lossy().ends_with(".lock")) {
        let (dir, folder) = built();
        // Names of segments differ from one build to the next; their endings do not.
        let ending = Path::new(name).extension().unwrap_or(name);
        let file = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
        let file = file.into_iter().find(|path| path.extension().or(path.file_name()) == Some(ending)).unwrap();
        fs::remove_file(file).unwrap();
        check_rebuilt(dir.path(), "cannot be read");
    }
}

#[test]
fn a_changed_byte_and_a_cut_file_are_noticed() {
    let (_dir, folder) = built();
    let endings: Vec<_> =
        fs::read_dir(&folder).unwrap().filter_map(|file| Some(file.unwrap().path().extension()?.to_owned())).collect();
    for ending in endings.iter().filter(|ending| *ending != "lock" && *ending != "json") {
        for damage in ["bytes", "cut", "changed"] {
            let (dir, folder) = built();
            let mut paths = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
            let path = paths.find(|path| path.extension() == Some(ending)).unwrap();
            let mut bytes = fs::read(&path).unwrap();
            match damage {
                "bytes" => bytes = vec![1, 2, 3, 4, 5],
                "cut" => bytes.truncate(bytes.len() / 2),
                _ => bytes[0] ^= 0xff,
            }
            fs::write(&path, bytes).unwrap();
            check_rebuilt(dir.path(), "");
        }
    }
}

#[test]
fn a_foreign_folder_or_file_in_its_place_is_rebuilt() {
    let (dir, folder) = built();
    fs::remove_dir_all(&folder).unwrap();
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("holiday.txt"), "photos").unwrap();
    check_rebuilt(dir.path(), "guichet.json cannot be read");

    fs::remove_dir_all(&folder).unwrap();
    fs::write(&folder, "a file").unwrap();
    check_rebuilt(dir.path(), "guichet.json cannot be read");
}

#[test]
fn files_of_others_beside_the_index_stay() {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("notes.txt"), "keep").unwrap();
    fs::create_dir(dir.path().join("other")).unwrap();
    open(dir.path(), "hash-1");
    open(dir.path(), "hash-2");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 3);
}

#[test]
fn a_directory_that_cannot_be_made_is_an_error() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(Index::open_or_build(&file, "hash-1", &entries(), &mut |_| {}).is_err());
}

#[test]
fn an_empty_content_is_stored_and_reused() {
    let dir = TempDir::new().unwrap();
    for expected in [false, true] {
        let (index, opened) = Index::open_or_build(dir.path(), "empty", &[], &mut |_| {}).unwrap();
        assert_eq!(opened == Opened::Reused, expected, "{opened:?}");
        assert!(index.search("contrat", 5).unwrap().is_empty());
    }
}

#[test]
fn builders_of_the_same_index_do_not_disturb_each_other() {
    let dir = TempDir::new().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..3 {
                    let index = Index::rebuild(dir.path(), "hash-1", &entries(), &mut |_| {}).unwrap();
                    assert_eq!(index.search("résilier", 5).unwrap()[0].entry, 1);
                }
            });
        }
    });
    assert_eq!(open(dir.path(), "hash-1").1, Opened::Reused);
    only_folder(dir.path());
}

#[test]
fn a_packed_index_is_reused_elsewhere_and_a_wrong_one_is_refused() {
    let (dir, _) = built();
    let packed = Index::pack(dir.path(), "hash-1").unwrap();
    let other = TempDir::new().unwrap();
    assert!(!Index::is_in(other.path(), "hash-1"));
    Index::unpack(other.path(), "hash-1", &packed).unwrap();
    assert!(Index::is_in(other.path(), "hash-1"));
    let (index, opened) = open(other.path(), "hash-1");
    assert_eq!(opened, Opened::Reused);
    assert_eq!(index.search("résilier", 5).unwrap()[0].entry, 1);

    let outside = String::from_utf8_lossy(&packed[..packed.iter().position(|byte| *byte == b'\n').unwrap()]);
    let outside = outside.replacen("\"meta.json\"", "\"../meta.json\"", 1);
    let rest = &packed[packed.iter().position(|byte| *byte == b'\n').unwrap()..];
    let outside = [outside.as_bytes(), rest].concat();
    for (hash, bytes) in [
        ("hash-2", packed.as_slice()),
        ("hash-1", &packed[..packed.len() - 1]),
        ("hash-1", b"{}"),
        ("hash-1", outside.as_slice()),
    ] {
        let place = TempDir::new().unwrap();
        assert!(Index::unpack(place.path(), hash, bytes).is_err(), "{hash} {}", bytes.len());
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
    }
}

#[test]
fn an_index_that_was_built_aside_takes_the_place_of_the_old_one() {
    let (dir, old) = built();
    let aside = dir.path().join("candidate");
    open(&aside, "hash-2");
    Index::adopt(&aside, dir.path(), "hash-2").unwrap();
    assert!(!old.exists());
    assert_eq!(open(dir.path(), "hash-2").1, Opened::Reused);
    assert!(Index::adopt(&aside, dir.path(), "hash-3").is_err());
    assert_eq!(open(dir.path(), "hash-2").1, Opened::Reused, "what is in force stays");
}
