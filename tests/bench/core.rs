//! What one interaction costs inside the process: loading the bank, grading an answer, choosing the next question.
//!
//! `cargo bench --bench core`. Left out: sockets and disks, which `wire` measures.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::collections::HashMap;
use std::hint::black_box;

use coach::content::{self, Source};
use coach::domain::selection::{Context, select};
use coach::grading::Grader;
use criterion::{Criterion, criterion_group, criterion_main};
use jiff::{SignedDuration, Timestamp};

fn core(criterion: &mut Criterion) {
    criterion.bench_function("load the embedded bank", |b| b.iter(|| content::load(&Source::Embedded).unwrap()));

    let bank = content::load(&Source::Embedded).unwrap();
    let grader = Grader::new(&bank);
    let question = bank.get("cache-stampede").unwrap();
    criterion.bench_function("grade a strong answer", |b| {
        b.iter(|| grader.grade(question, black_box(&question.strong_answer)).unwrap());
    });

    let seen = HashMap::new();
    let context = Context {
        level: None,
        mastery: &[],
        seen: &seen,
        now: Timestamp::UNIX_EPOCH,
        window: SignedDuration::from_hours(24 * 14),
    };
    let mut seed = 0;
    criterion.bench_function("choose a question", |b| {
        b.iter(|| {
            seed += 1;
            select(bank.questions().iter().map(|q| (q.as_ref(), 1)), &context, seed).unwrap()
        });
    });
}

criterion_group!(benches, core);
criterion_main!(benches);
