//! What an interview showed: scores by question and skill, what was good, what was missing, what to do next.
//!
//! Everything rests on rubric points that were graded. Left out on purpose: dimensions such as communication, which
//! rubric points cannot honestly give, and praise.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Interview, PROBE_BELOW, Turn};
use crate::domain::bank::Bank;
use crate::domain::grade::{Grade, POINT_MAX, PointGrade, Verdict};
use crate::domain::ids::Slug;
use crate::domain::question::Question;

/// The most strengths, and the most gaps, that a scorecard names.
const MOST_NAMED: usize = 5;

/// How many questions to practise next.
const NEXT_STEPS: usize = 3;

/// The result of an interview.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scorecard {
    /// The mean of the questions' scores, 0 to 1; `None` when nothing was graded.
    pub overall: Option<f64>,
    /// One entry for each question that was asked, in order.
    pub per_question: Vec<QuestionScore>,
    /// One entry for each primary skill that was graded, weakest first.
    pub per_skill: Vec<SkillScore>,
    /// What was good, best first, at most five.
    pub strengths: Vec<Strength>,
    /// What was missing, most telling first, at most five.
    pub gaps: Vec<Gap>,
    /// Up to three questions to practise next.
    pub practise_next: Vec<Slug>,
    /// Every grader that had a part, in order of appearance.
    pub graders: Vec<String>,
    /// Turns that were answered.
    pub answered: usize,
    /// Turns that were asked.
    pub asked: usize,
}

/// How one question went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuestionScore {
    /// The question.
    pub question: Slug,
    /// Its title; the slug when it has left the bank.
    pub title: String,
    /// The share of the rubric that was earned over all its turns, 0 to 1; `None` when nothing was graded.
    pub score: Option<f64>,
    /// How often it was probed.
    pub probes: usize,
}

/// How one skill went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SkillScore {
    /// The skill.
    pub skill: Slug,
    /// The mean of its questions' scores, 0 to 1.
    pub score: f64,
    /// How many questions that rests on.
    pub questions: usize,
}

/// A rubric point that was made, with the words that made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strength {
    /// The question.
    pub question: Slug,
    /// The rubric point.
    pub point: String,
    /// The candidate's own words.
    pub quote: String,
}

/// A rubric point that a stronger answer would have made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The question.
    pub question: Slug,
    /// What a stronger answer adds: the rubric point.
    pub add: String,
    /// What it earned, 0 or 1.
    pub score: u8,
    /// Whether it was missing or wrong.
    pub verdict: Verdict,
}

/// Joins the grades of one question's turns, oldest first: each point keeps its best score, with the newest words that
/// earned it. As sure as the least sure grade; named after every grader that took part. `None` without grades.
#[must_use]
pub fn merge<'g>(question: &Question, grades: impl IntoIterator<Item = &'g Grade>) -> Option<Grade> {
    let mut graders: Vec<&str> = Vec::new();
    let mut confidence = 1.0f64;
    let mut best: BTreeMap<&Slug, &PointGrade> = BTreeMap::new();
    for grade in grades {
        if !graders.contains(&grade.grader.as_str()) {
            graders.push(&grade.grader);
        }
        confidence = confidence.min(grade.confidence);
        for point in &grade.points {
            let kept = best.entry(&point.id).or_insert(point);
            if point.score > kept.score || (point.score == kept.score && point.span.is_some()) {
                *kept = point;
            }
        }
    }
    let points = best.into_values().cloned().collect();
    (!graders.is_empty()).then(|| Grade::from_points(question, &graders.join(" + "), points, confidence))
}

/// One asked question with its turns.
struct Asked<'a> {
    slug: &'a Slug,
    question: Option<&'a Question>,
    turns: Vec<&'a Turn>,
    merged: Option<Grade>,
    score: Option<f64>,
}

impl<'a> Asked<'a> {
    fn new(slug: &'a Slug, interview: &'a Interview, bank: &'a Bank) -> Self {
        let question = bank.get(slug.as_str()).map(AsRef::as_ref);
        let turns: Vec<&Turn> = interview.turns().iter().filter(|turn| &turn.question == slug).collect();
        let grades = || turns.iter().filter_map(|turn| turn.judged.as_ref());
        let merged = question.and_then(|question| merge(question, grades()));
        // Without the rubric's weights, the best turn stands for a question that has left the bank.
        let score = match question {
            Some(_) => merged.as_ref().map(|grade| grade.score),
            None => grades().map(|grade| grade.score).max_by(f64::total_cmp),
        };
        Self { slug, question, turns, merged, score }
    }
}

/// Sums up an interview. Questions without a grade count neither for nor against it.
#[must_use]
pub fn scorecard(interview: &Interview, bank: &Bank) -> Scorecard {
    let mut seen = BTreeSet::new();
    let in_order = interview.turns().iter().map(|turn| &turn.question).filter(|slug| seen.insert(*slug));
    let asked: Vec<Asked<'_>> = in_order.map(|slug| Asked::new(slug, interview, bank)).collect();
    let mut graders: Vec<String> = Vec::new();
    for grade in interview.turns().iter().filter_map(|turn| turn.judged.as_ref()) {
        if !graders.contains(&grade.grader) {
            graders.push(grade.grader.clone());
        }
    }
    Scorecard {
        overall: mean(&asked.iter().filter_map(|a| a.score).collect::<Vec<_>>()),
        per_question: asked.iter().map(question_score).collect(),
        per_skill: per_skill(&asked),
        strengths: strengths(&asked),
        gaps: gaps(&asked),
        practise_next: practise_next(&asked, bank),
        graders,
        answered: interview.turns().iter().filter(|turn| turn.answer.is_some()).count(),
        asked: interview.turns().len(),
    }
}

fn mean(scores: &[f64]) -> Option<f64> {
    (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
}

fn question_score(asked: &Asked<'_>) -> QuestionScore {
    QuestionScore {
        question: asked.slug.clone(),
        title: asked.question.map_or_else(|| asked.slug.to_string(), |q| q.title.clone()),
        score: asked.score,
        probes: asked.turns.len().saturating_sub(1),
    }
}

fn per_skill(asked: &[Asked<'_>]) -> Vec<SkillScore> {
    let mut by_skill: BTreeMap<&Slug, Vec<f64>> = BTreeMap::new();
    for a in asked {
        if let (Some(score), Some(skill)) = (a.score, a.question.and_then(|q| q.skills.first())) {
            by_skill.entry(skill).or_default().push(score);
        }
    }
    let mut skills: Vec<SkillScore> = by_skill
        .into_iter()
        .filter_map(|(skill, scores)| {
            Some(SkillScore { skill: skill.clone(), score: mean(&scores)?, questions: scores.len() })
        })
        .collect();
    skills.sort_by(|a, b| a.score.total_cmp(&b.score));
    skills
}

fn strengths(asked: &[Asked<'_>]) -> Vec<Strength> {
    let mut found: Vec<_> = graded_points(asked)
        .filter(|(_, _, graded)| graded.score >= PROBE_BELOW)
        .filter_map(|(question, point, graded)| {
            let quote = graded.span.clone().filter(|span| !span.trim().is_empty())?;
            let strength = Strength { question: question.slug.clone(), point: point.point.clone(), quote };
            Some(((graded.score, point.weight), strength))
        })
        .collect();
    found.sort_by_key(|(rank, _)| Reverse(*rank));
    found.into_iter().take(MOST_NAMED).map(|(_, strength)| strength).collect()
}

fn gaps(asked: &[Asked<'_>]) -> Vec<Gap> {
    let mut found: Vec<_> = graded_points(asked)
        .filter(|(_, _, graded)| graded.score < PROBE_BELOW)
        .map(|(question, point, graded)| {
            let lost = u16::from(point.weight) * u16::from(POINT_MAX - graded.score);
            let (add, score, verdict) = (point.point.clone(), graded.score, graded.verdict);
            (lost, Gap { question: question.slug.clone(), add, score, verdict })
        })
        .collect();
    found.sort_by_key(|(lost, _)| Reverse(*lost));
    found.into_iter().take(MOST_NAMED).map(|(_, gap)| gap).collect()
}

fn graded_points<'a>(
    asked: &'a [Asked<'a>],
) -> impl Iterator<Item = (&'a Question, &'a crate::domain::question::RubricPoint, &'a PointGrade)> {
    asked
        .iter()
        .filter_map(|a| Some((a.question?, a.merged.as_ref()?)))
        .flat_map(|(question, grade)| question.rubric.iter().zip(&grade.points).map(move |(p, g)| (question, p, g)))
}

/// From the weakest question on: what it names as related, then others on its primary skill; last, the weakest again.
fn practise_next(asked: &[Asked<'_>], bank: &Bank) -> Vec<Slug> {
    let mut weakest: Vec<(f64, &Question)> = asked.iter().filter_map(|a| Some((a.score?, a.question?))).collect();
    weakest.sort_by(|a, b| a.0.total_cmp(&b.0));
    let related = weakest.iter().flat_map(|(_, q)| q.related.iter().filter(|slug| bank.get(slug.as_str()).is_some()));
    let same_skill = weakest.iter().flat_map(|(_, q)| {
        bank.questions().iter().filter(|other| other.skills.first() == q.skills.first()).map(|other| &other.slug)
    });
    let mut next: Vec<Slug> = Vec::new();
    let unasked = related.chain(same_skill).filter(|slug| asked.iter().all(|a| a.slug != *slug));
    for slug in unasked.chain(weakest.iter().map(|(_, q)| &q.slug)) {
        if next.len() < NEXT_STEPS && !next.contains(slug) {
            next.push(slug.clone());
        }
    }
    next
}
