//! A disk that is full, and one that may not be written to. Both are mounted by the test: `tests/faults/run` gives it a
//! mount namespace of its own.

use std::path::Path;
use std::process::Command;

use reqwest::StatusCode;

use super::{Speaker, settings, wait_for_readiness};
use crate::guichet::{Guichet, directory, run, two_cards};

/// Runs a command of the system.
fn system(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).status().is_ok_and(|status| status.success())
}

fn mount(arguments: &[&str], at: &Path) {
    let at = at.to_str().expect("UTF-8");
    assert!(system("mount", &[arguments, &[at]].concat()), "tests/faults/run gives the right to mount: {arguments:?}");
}

/// The device that is mounted there.
fn device(at: &Path) -> String {
    let output = Command::new("findmnt").args(["-n", "-o", "SOURCE"]).arg(at).output().expect("findmnt is there");
    String::from_utf8_lossy(&output.stdout).trim().trim_start_matches("/dev/").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "mounts a disk: tests/faults/run disk-full"]
async fn a_full_disk_refuses_and_goes_on_when_there_is_room_again() {
    let (dir, disk) = (directory(), tempfile::tempdir().expect("a directory"));
    mount(&["-t", "tmpfs", "-o", "size=7m", "tmpfs"], disk.path());
    let store = format!("[store]\nurl = \"sqlite://{}/guichet.db\"\n", disk.path().display());
    let [flag, file] = settings(dir.path(), &store);
    let kb = two_cards(dir.path());
    let arguments = [flag.as_str(), &file, "--kb", &kb];
    let mut guichet = Guichet::start_with(dir.path(), &arguments);
    let mut speaker = Speaker::new(&guichet).await;
    let refused = loop {
        if let Err(refused) = speaker.say(&guichet).await {
            break refused;
        }
    };
    assert_eq!(refused.0, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.1);
    let noticed = wait_for_readiness(&guichet, "database-full").await;
    guichet.wait_for_log("database or disk is full");
    speaker.say(&guichet).await.expect_err("there is no room");
    assert_eq!(speaker.compare(&guichet).await.0, 0, "what was confirmed can be read");

    mount(&["-o", "remount,size=64m"], disk.path());
    let again = wait_for_readiness(&guichet, "ok").await;
    for _ in 0..5 {
        if let Err(refused) = speaker.say(&guichet).await {
            panic!("there is room, and yet {refused:?}: {}", guichet.kill());
        }
    }
    assert_eq!(speaker.compare(&guichet).await, (0, 0));
    guichet.kill();
    let guichet = Guichet::start_with(dir.path(), &arguments);
    let (lost, doubles) = speaker.compare(&guichet).await;
    eprintln!(
        "fault disk-full confirmed={} code=database-full noticed_ms={} again_ms={} lost={lost} doubles={doubles}",
        speaker.confirmed.len(),
        noticed.as_millis(),
        again.as_millis()
    );
    assert_eq!((lost, doubles), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "mounts a disk: tests/faults/run read-only-disk"]
async fn a_disk_that_may_not_be_written_to_is_told() {
    let (dir, disk) = (directory(), tempfile::tempdir().expect("a directory"));
    let kb = two_cards(dir.path());
    mount(&["-t", "tmpfs", "-o", "size=8m,ro", "tmpfs"], disk.path());
    let store = format!("[store]\nurl = \"sqlite://{}/guichet.db\"\n", disk.path().display());
    let [flag, file] = settings(dir.path(), &store);
    let arguments = [flag.as_str(), &file, "--kb", &kb];
    let started = run(dir.path(), &[&["serve", "--listen", "127.0.0.1:0"], &arguments[..]].concat());
    let log = String::from_utf8_lossy(&started.stderr).into_owned();
    assert_eq!(started.status.code(), Some(2), "{log}");
    assert!(log.contains("the database cannot be opened: see store.url"), "{log}");
    assert!(system("umount", &[disk.path().to_str().expect("UTF-8")]));

    // While it runs: the system makes a disk read-only on which it finds a fault. That takes a disk with a journal.
    let image = dir.path().join("disk.img");
    let image = image.to_str().expect("UTF-8");
    let is_made = system("truncate", &["-s", "32M", image])
        && system("mkfs.ext4", &["-q", image])
        && system("mount", &["-o", "loop,errors=remount-ro", image, disk.path().to_str().expect("UTF-8")]);
    if !is_made {
        eprintln!("fault read-only-disk start=refused running=absent (loop devices take root)");
        return;
    }
    let guichet = Guichet::start_with(dir.path(), &arguments);
    let mut speaker = Speaker::new(&guichet).await;
    for _ in 0..20 {
        speaker.say(&guichet).await.expect("it can be written");
    }
    let trigger = format!("/sys/fs/ext4/{}/trigger_fs_error", device(disk.path()));
    std::fs::write(&trigger, "fault\n").unwrap_or_else(|error| panic!("{trigger}: {error}"));
    let (status, problem) = speaker.say(&guichet).await.expect_err("nothing can be written");
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{problem}");
    // The connection that failed is closed, and a new one finds that nothing may be written.
    let code = "database-read-only";
    let noticed = wait_for_readiness(&guichet, code).await;
    guichet.kill();
    assert!(system("umount", &[disk.path().to_str().expect("UTF-8")]));
    mount(&["-o", "loop", image], disk.path());
    let guichet = Guichet::start_with(dir.path(), &arguments);
    speaker.say(&guichet).await.expect("it can be written again");
    let (lost, doubles) = speaker.compare(&guichet).await;
    eprintln!(
        "fault read-only-disk start=refused running=refused code={code} noticed_ms={} confirmed={} lost={lost} \
         doubles={doubles}",
        noticed.as_millis(),
        speaker.confirmed.len()
    );
    guichet.stop();
    assert!(system("umount", &[disk.path().to_str().expect("UTF-8")]));
    assert_eq!((lost, doubles), (0, 0));
}
