//! A process that records is killed at arbitrary moments: nothing that it was told is kept may be
//! lost, nothing may stand half, and the log may have no gap.
//!
//! The child is this very binary, started again with [`CHILD`] in its environment: it records batch
//! upon batch and says each one's ids aloud once the record has acknowledged them. The parent kills
//! it after it has heard so many, at whatever the child is then doing.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{at, draft, open, outcome, page};
use courant_model::{ArticleId, ChangeKind, Seq};
use courant_store::Record;
use courant_store::contract::{Batch, PlacementBatch};
use tempfile::TempDir;

/// Names the record's folder to a child.
const CHILD: &str = "COURANT_KILL_TEST_FOLDER";
const DRAFTS: usize = 7;

/// The child's whole life. In an ordinary run there is no folder, and it has nothing to do.
#[tokio::test]
async fn the_child_records_until_it_is_killed() {
    let Ok(folder) = std::env::var(CHILD) else { return };
    let record = open(Path::new(&folder)).await;
    let mut from = record.cursor("place").await.unwrap();
    for nth in record.last_seq().await.unwrap().0.. {
        let name = |i: usize| format!("https://a.example/{nth}/{i}");
        let batch = Batch {
            drafts: (0..DRAFTS).map(|i| draft(&name(i), 0)).collect(),
            outcomes: vec![outcome(&name(0), 10)],
            found: vec![page(&name(0), 0)],
            ..Batch::default()
        };
        let report = record.record(&batch, at(0)).await.unwrap();
        let ids: Vec<String> = report.recorded.iter().map(|recorded| recorded.id().to_string()).collect();
        let to = report.last;
        let step =
            PlacementBatch { from, to, placements: Vec::new(), touched: Vec::new(), snapshot: Some(vec![1; 99]) };
        record.place(&step, at(0)).await.unwrap();
        from = to;
        let mut out = std::io::stdout().lock();
        writeln!(out, "kept {} {}", to, ids.join(" ")).unwrap();
        out.flush().unwrap();
    }
}

/// What the child said: the log's row and ids of each batch.
fn run_and_kill(folder: &Path, after: usize) -> Vec<(Seq, Vec<ArticleId>)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::the_child_records_until_it_is_killed", "--nocapture"])
        .env(CHILD, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut heard = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let Ok(line) = line else { break };
        // The first line may follow the test harness's own words.
        let Some((_, kept)) = line.split_once("kept ") else { continue };
        let mut words = kept.split(' ');
        let seq = Seq(words.next().unwrap().parse().unwrap());
        heard.push((seq, words.map(|id| id.parse().unwrap()).collect()));
        if heard.len() == after {
            // Lines that it wrote before it died are read on: they are acknowledged as well.
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    heard
}

async fn check_whole(record: &dyn Record, acknowledged: &[(Seq, Vec<ArticleId>)]) {
    let last = record.last_seq().await.unwrap();
    let changes = record.changes(Seq::START, usize::MAX).await.unwrap();
    let seqs: Vec<u64> = changes.iter().map(|change| change.seq.0).collect();
    assert_eq!(seqs, (1..=last.0).collect::<Vec<_>>(), "no gap and nothing twice");
    assert!(changes.len().is_multiple_of(DRAFTS), "no batch stands half");

    let logged: Vec<ArticleId> = changes.iter().filter_map(|change| change.article).collect();
    assert!(changes.iter().all(|change| change.kind == ChangeKind::ArticleNew), "nothing was seen twice");
    assert_eq!(logged.iter().collect::<HashSet<_>>().len(), logged.len());
    assert_eq!(record.article_ids(None, usize::MAX).await.unwrap().len(), logged.len(), "the log and the articles");
    assert_eq!(record.texts(&logged).await.unwrap().len(), logged.len(), "each with its words");

    let standing: HashSet<ArticleId> = logged.into_iter().collect();
    for (seq, ids) in acknowledged {
        assert!(*seq <= last && ids.iter().all(|id| standing.contains(id)), "what was acknowledged at {seq}");
    }
    let cursor = record.cursor("place").await.unwrap();
    let kept = record.snapshot().await.unwrap().map(|(seq, _)| seq);
    assert_eq!(kept, Some(cursor), "cursor and snapshot moved together");
    assert!(acknowledged.iter().all(|(seq, _)| *seq <= cursor));
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_by_a_kill() {
    let folder = TempDir::new().unwrap();
    let mut acknowledged = Vec::new();
    // A fixed seed: the moments are arbitrary, and the same in each run as far as counts can make them so.
    let mut random: u32 = 20_260_714;
    for _ in 0..10 {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let heard = run_and_kill(folder.path(), 1 + (random >> 16) as usize % 12);
        assert!(!heard.is_empty());
        acknowledged.extend(heard);
        let record = open(folder.path()).await;
        check_whole(&*record, &acknowledged).await;
    }
}
