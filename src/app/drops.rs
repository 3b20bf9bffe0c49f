//! `/drops`: schedules, as moderators make and change them. What they come to owe is in `delivering`.

mod delivering;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Time;
use uuid::Uuid;

use super::{App, Error, Result, new_id, refuse};
use crate::domain::bank::Wanted;
use crate::domain::ids::{ChannelId, MemberId, RoleId, ServerId, Slug};
use crate::domain::question::Question;
use crate::domain::recurrence::{Occurrence, Recurrence, Weekdays, parse_time, parse_zone, zone_name};
use crate::domain::selection::select_for_drop;
use crate::domain::taxonomy::Level;
use crate::domain::topics::TopicRules;
use crate::store::{Delivery, DeliveryStatus, NewSchedule, Schedule};

pub use delivering::DueDrop;

/// How many occurrences a preview shows.
pub const PREVIEWED: usize = 7;

/// The most schedules a server may have.
const SCHEDULES_MAX: usize = 25;

/// How many of a schedule's latest deliveries a list looks at.
const LISTED_DELIVERIES: u32 = 7;

/// A schedule as a moderator typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleForm {
    /// Where drops go.
    pub channel: ChannelId,
    /// Where the moderator is.
    pub home_channel: ChannelId,
    /// Days, such as `weekdays` or `mon,thu`.
    pub days: String,
    /// A local time, such as `9:00` or `9am`.
    pub time: String,
    /// An IANA zone; the server's when absent.
    pub zone: Option<String>,
    /// Topics, separated by commas.
    pub topics: Option<String>,
    /// Only questions asked at this level.
    pub level: Option<Level>,
    /// Whether each drop gets a thread.
    pub thread: bool,
    /// The role to ping.
    pub ping_role: Option<RoleId>,
    /// Who asks for it.
    pub by: MemberId,
}

/// What a schedule will do, and how long its questions last.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The next occurrences with their questions.
    pub next: Vec<(Occurrence, Arc<Question>)>,
    /// Why nothing comes until the schedule is resumed, if it is paused.
    pub paused_reason: Option<String>,
    /// Questions it can draw from.
    pub pool: usize,
    /// Those it has not asked in the present round.
    pub unused: usize,
}

impl App {
    /// Creates a schedule.
    pub async fn create_schedule(&self, server: ServerId, form: &ScheduleForm) -> Result<Schedule> {
        let now = self.clock.now();
        if self.store.schedules(server).await?.len() >= SCHEDULES_MAX {
            return refuse(format!(
                "This server has {SCHEDULES_MAX} schedules, the most there can be. Delete one with /drops delete first."
            ));
        }
        let new = self.parse_schedule(server, form).await?;
        let pool = self.drop_pool(&new, &self.store.topic_rules(server).await?);
        if pool.is_empty() {
            return refuse(
                "No question fits these topics and this level, with what /topics allows. Widen one of them.",
            );
        }
        let Some(first) = recurrence(&new)?.next_after(now) else {
            return refuse("That day and time never come. Choose other days or another time.");
        };
        let date = first.local_date.to_string();
        self.store.add_schedule(&new, (first.at, &date), now).await?;
        self.store.default_server_zone(server, &new.zone, now).await?;
        Ok(Schedule { wanted: new, paused_reason: None, next: Some((first.at, date)) })
    }

    /// The server's schedules, oldest first.
    pub async fn schedules(&self, server: ServerId) -> Result<Vec<Schedule>> {
        Ok(self.store.schedules(server).await?)
    }

    /// The server's schedules, each with its latest deliveries, newest first.
    pub async fn schedules_with_history(&self, server: ServerId) -> Result<Vec<(Schedule, Vec<Delivery>)>> {
        let mut all = Vec::new();
        for schedule in self.store.schedules(server).await? {
            let latest = self.store.recent_deliveries(&schedule.wanted.id, LISTED_DELIVERIES).await?;
            all.push((schedule, latest));
        }
        Ok(all)
    }

    /// One of the server's schedules.
    pub async fn schedule(&self, server: ServerId, id: &str) -> Result<Schedule> {
        match self.store.schedule(id).await? {
            Some(schedule) if schedule.wanted.server == server => Ok(schedule),
            _ => refuse("There is no such schedule here. Choose one from the list, or see /drops list."),
        }
    }

    /// Pauses a schedule until it is resumed. What it owes is not posted either.
    pub async fn pause_schedule(&self, server: ServerId, id: &str) -> Result<Schedule> {
        if self.schedule(server, id).await?.paused_reason.is_some() {
            return refuse("That schedule is paused already. Go on with /drops resume, or see /drops list.");
        }
        self.store.pause_schedule(id, "a moderator paused it", self.clock.now()).await?;
        self.schedule(server, id).await
    }

    /// Resumes a schedule at its next occurrence. What it would have dropped meanwhile was not owed.
    pub async fn resume_schedule(&self, server: ServerId, id: &str) -> Result<Schedule> {
        let schedule = self.schedule(server, id).await?;
        // Moving a running schedule on could skip an occurrence that has come due and is not planned yet.
        if schedule.paused_reason.is_none() {
            return refuse("That schedule is running already. See /drops list for when its next question comes.");
        }
        let Some(next) = recurrence(&schedule.wanted)?.next_after(self.clock.now()) else {
            return refuse("That schedule has no date ahead. Delete it with /drops delete and create another.");
        };
        self.store.resume_schedule(id, (next.at, &next.local_date.to_string())).await?;
        self.store.forget_notice(&trouble_key(id)).await?;
        self.schedule(server, id).await
    }

    /// Deletes a schedule with its history.
    pub async fn delete_schedule(&self, server: ServerId, id: &str) -> Result<Schedule> {
        let schedule = self.schedule(server, id).await?;
        self.store.delete_schedule(id).await?;
        Ok(schedule)
    }

    /// What the schedule will ask next, and how its pool stands.
    pub async fn preview_schedule(&self, server: ServerId, id: &str) -> Result<Preview> {
        let schedule = self.schedule(server, id).await?;
        let pool = self.drop_pool(&schedule.wanted, &self.store.topic_rules(server).await?);
        let mut used = self.store.delivered_questions(id).await?;
        let unused = pool.len() - round_so_far(&pool, &used);
        let recurrence = recurrence(&schedule.wanted)?;
        let mut next = Vec::new();
        for occurrence in recurrence.after(self.clock.now()).take(PREVIEWED) {
            let seed = seed(id, &occurrence.local_date.to_string());
            let Some(slug) = select_for_drop(&pool, &used, seed) else { break };
            next.push((occurrence, self.question(slug.as_str())?));
            used.push(slug);
        }
        Ok(Preview { next, paused_reason: schedule.paused_reason, pool: pool.len(), unused })
    }

    /// Owes one drop now, without touching the schedule's days.
    pub async fn run_schedule(&self, server: ServerId, id: &str) -> Result<Arc<Question>> {
        let schedule = self.schedule(server, id).await?;
        if schedule.paused_reason.is_some() {
            return refuse("That schedule is paused, so it posts nothing. Use /drops resume first.");
        }
        let pool = self.drop_pool(&schedule.wanted, &self.store.topic_rules(server).await?);
        let used = self.store.delivered_questions(id).await?;
        let (delivery_id, seed) = new_id();
        let Some(slug) = select_for_drop(&pool, &used, seed) else {
            return refuse("This schedule has no question left to ask. Widen its topics or this server's /topics.");
        };
        let question = self.question(slug.as_str())?;
        let delivery = owed(delivery_id, &schedule, None, self.clock.now(), Some(slug));
        self.store.owe_delivery(&delivery).await?;
        Ok(question)
    }

    /// What the form says, if it makes sense.
    pub async fn parse_schedule(&self, server: ServerId, form: &ScheduleForm) -> Result<NewSchedule> {
        let user = |e: &dyn std::fmt::Display| Error::User(e.to_string());
        let days = Weekdays::parse(&form.days).map_err(|e| user(&e))?;
        let time = parse_time(&form.time).map_err(|e| user(&e))?;
        let zone = match &form.zone {
            Some(typed) => zone_name(&parse_zone(typed).map_err(|e| user(&e))?).to_owned(),
            None => self.store.server_zone(server).await?.unwrap_or_else(|| "UTC".to_owned()),
        };
        let typed = form.topics.as_deref().unwrap_or_default();
        let topics =
            typed.split(',').filter(|t| !t.trim().is_empty()).map(|t| self.topic_named(t)).collect::<Result<_>>()?;
        Ok(NewSchedule {
            id: new_id().0,
            server,
            channel: form.channel,
            home_channel: form.home_channel,
            days: days.bits(),
            minute_of_day: minute_of_day(time),
            zone,
            topics,
            level: form.level,
            thread: form.thread,
            ping_role: form.ping_role,
            created_by: form.by,
        })
    }

    fn drop_pool(&self, schedule: &NewSchedule, rules: &TopicRules) -> Vec<Slug> {
        let wanted = Wanted {
            topics: schedule.topics.clone(),
            categories: Vec::new(),
            levels: schedule.level.into_iter().collect(),
        };
        let allowed = self.bank.pool(&wanted).filter(|q| rules.weight(q, &self.bank.taxonomy) > 0);
        allowed.map(|q| q.slug.clone()).collect()
    }
}

/// The rule behind a stored schedule.
pub fn recurrence(schedule: &NewSchedule) -> Result<Recurrence> {
    let days = Weekdays::from_bits(schedule.days).ok_or_else(|| anyhow::anyhow!("a schedule without days"))?;
    let (hour, minute) = (schedule.minute_of_day / 60, schedule.minute_of_day % 60);
    let part = |n: u16| i8::try_from(n).unwrap_or_default();
    let time = Time::new(part(hour), part(minute), 0, 0).map_err(anyhow::Error::from)?;
    let zone = parse_zone(&schedule.zone).map_err(|e| anyhow::anyhow!("a stored zone is unknown: {e}"))?;
    Ok(Recurrence { days, time, zone })
}

fn minute_of_day(time: Time) -> u16 {
    u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs())
}

fn owed(
    id: String,
    schedule: &Schedule,
    local_date: Option<String>,
    due: Timestamp,
    question: Option<Slug>,
) -> Delivery {
    Delivery {
        id,
        schedule_id: schedule.wanted.id.clone(),
        local_date,
        due,
        question,
        status: DeliveryStatus::Owed,
        tries: 0,
        message: None,
        reason: None,
    }
}

/// The same schedule and date always draw the same question, so that a preview shows what will come.
fn seed(schedule_id: &str, local_date: &str) -> u64 {
    let date = local_date.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    Uuid::parse_str(schedule_id).map_or(0, |id| id.as_u64_pair().1) ^ date
}

/// How many of the pool have been asked since it was last used up.
fn round_so_far(pool: &[Slug], used: &[Slug]) -> usize {
    let mut round = std::collections::HashSet::new();
    for slug in used.iter().filter(|slug| pool.contains(slug)) {
        if !round.insert(slug) {
            round = std::collections::HashSet::from([slug]);
        }
    }
    if round.len() == pool.len() { 0 } else { round.len() }
}

fn trouble_key(schedule_id: &str) -> String {
    format!("schedule-trouble:{schedule_id}")
}
