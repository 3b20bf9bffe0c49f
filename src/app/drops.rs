//! `/drops`: schedules, and the work they owe. Due work is rows; each (schedule, local date) is planned once, in the
//! transaction that moves the schedule on.

use std::sync::Arc;

use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{App, Error, Result, new_id, refuse};
use crate::domain::bank::Wanted;
use crate::domain::ids::{ChannelId, MemberId, RoleId, ServerId, Slug};
use crate::domain::question::Question;
use crate::domain::recurrence::{Due, Occurrence, Recurrence, Weekdays, due, parse_time, parse_zone, zone_name};
use crate::domain::selection::select_for_drop;
use crate::domain::taxonomy::Level;
use crate::domain::topics::TopicRules;
use crate::store::{Delivery, DeliveryStatus, NewSchedule, Notice, Schedule};

/// How many occurrences a preview shows.
pub const PREVIEWED: usize = 7;

/// Schedules planned in one transaction: durable writes cost one wait for the disk each, not one per schedule.
const PLANNED_AT_ONCE: u32 = 200;

/// The most schedules a server may have.
const SCHEDULES_MAX: usize = 25;

/// How long a taken delivery is left alone before another try.
const LEASE: SignedDuration = SignedDuration::from_secs(120);

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
    /// Questions it can draw from.
    pub pool: usize,
    /// Those it has not asked in the present round.
    pub unused: usize,
}

/// A drop to deliver now.
#[derive(Debug, Clone)]
pub struct DueDrop {
    /// The delivery as it stood before it was taken.
    pub delivery: Delivery,
    /// Its schedule.
    pub schedule: Schedule,
    /// What to ask.
    pub question: Arc<Question>,
}

impl App {
    /// Creates a schedule.
    pub async fn create_schedule(&self, server: ServerId, form: &ScheduleForm) -> Result<Schedule> {
        let now = self.clock.now();
        if self.store.schedules(server).await?.len() >= SCHEDULES_MAX {
            return refuse(format!(
                "This server has {SCHEDULES_MAX} schedules, the most there can be. Delete one first."
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

    /// One of the server's schedules.
    pub async fn schedule(&self, server: ServerId, id: &str) -> Result<Schedule> {
        match self.store.schedule(id).await? {
            Some(schedule) if schedule.wanted.server == server => Ok(schedule),
            _ => refuse("There is no such schedule here. Choose one from the list, or see /drops list."),
        }
    }

    /// Pauses a schedule until it is resumed.
    pub async fn pause_schedule(&self, server: ServerId, id: &str) -> Result<Schedule> {
        self.schedule(server, id).await?;
        self.store.set_paused(id, Some("paused by a moderator"), None).await?;
        self.schedule(server, id).await
    }

    /// Resumes a schedule at its next occurrence. What it would have dropped meanwhile was not owed.
    pub async fn resume_schedule(&self, server: ServerId, id: &str) -> Result<Schedule> {
        let schedule = self.schedule(server, id).await?;
        let next = recurrence(&schedule.wanted)?.next_after(self.clock.now());
        let date = next.map(|n| n.local_date.to_string());
        let next = next.zip(date.as_deref()).map(|(n, date)| (n.at, date));
        self.store.set_paused(id, None, next).await?;
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
        Ok(Preview { next, pool: pool.len(), unused })
    }

    /// Owes one drop now, without touching the schedule's days.
    pub async fn run_schedule(&self, server: ServerId, id: &str) -> Result<Arc<Question>> {
        let schedule = self.schedule(server, id).await?;
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

    /// Plans everything that has come due: owes it, or records it as missed. Returns how many rows it wrote.
    pub async fn plan_due_drops(&self) -> Result<usize> {
        let now = self.clock.now();
        let due_now = self.store.due_schedules(now, PLANNED_AT_ONCE).await?;
        let mut planned = Vec::with_capacity(due_now.len());
        for schedule in &due_now {
            let Some((at, date)) = schedule.next.clone() else { continue };
            let next = recurrence(&schedule.wanted)?.next_after(at).map(|n| (n.at, n.local_date.to_string()));
            planned.push((self.plan_one(schedule, at, &date, now).await?, next));
        }
        self.store.plan_deliveries(&planned).await?;
        Ok(planned.len())
    }

    async fn plan_one(&self, schedule: &Schedule, at: Timestamp, date: &str, now: Timestamp) -> Result<Delivery> {
        let id = &schedule.wanted.id;
        let mut delivery = owed(new_id().0, schedule, Some(date.to_owned()), at, None);
        if due(at, now, self.catch_up) == Due::Missed {
            delivery.status = DeliveryStatus::Missed;
            delivery.reason = Some("coach was not running, and the catch-up window had passed".to_owned());
            return Ok(delivery);
        }
        let pool = self.drop_pool(&schedule.wanted, &self.store.topic_rules(schedule.wanted.server).await?);
        let used = self.store.delivered_questions(id).await?;
        delivery.question = select_for_drop(&pool, &used, seed(id, date));
        if delivery.question.is_none() {
            delivery.status = DeliveryStatus::Failed;
            delivery.reason = Some("no question fits its topics and level".to_owned());
            let text = "had no question to ask: nothing in the bank fits its topics and level with what /topics allows. \
                        Widen one of them; the next drop comes at its usual time.";
            self.tell_moderators(schedule, text).await?;
        }
        Ok(delivery)
    }

    /// Takes drops that can be delivered now. Those whose question or schedule has gone meanwhile are settled here.
    pub async fn take_due_drops(&self, limit: u32) -> Result<Vec<DueDrop>> {
        let now = self.clock.now();
        let lease_until = now.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
        let mut drops = Vec::new();
        for delivery in self.store.claim_deliveries(now, lease_until, limit).await? {
            let schedule = self.store.schedule(&delivery.schedule_id).await?;
            let question = delivery.question.as_ref().and_then(|slug| self.bank.get(slug.as_str())).cloned();
            let late = due(delivery.due, now, self.catch_up) == Due::Missed && delivery.status == DeliveryStatus::Owed;
            match (schedule, question) {
                (Some(schedule), Some(question)) if !late => drops.push(DueDrop { delivery, schedule, question }),
                (_, question) => {
                    let (status, reason) = match question {
                        Some(_) => (DeliveryStatus::Missed, "the catch-up window had passed"),
                        None => (DeliveryStatus::Failed, "its question has been retired"),
                    };
                    self.store.finish_delivery(&delivery.id, status, Some(reason)).await?;
                }
            }
        }
        Ok(drops)
    }

    /// Discord could not take a drop now: try again soon, or record it as missed once the window has passed.
    pub async fn drop_delayed(&self, drop: &DueDrop, reason: &str) -> Result<()> {
        let now = self.clock.now();
        if due(drop.delivery.due, now, self.catch_up) == Due::Missed {
            self.store.finish_delivery(&drop.delivery.id, DeliveryStatus::Missed, Some(reason)).await?;
            return Ok(());
        }
        // 2 s, 4 s, 8 s … up to 5 minutes.
        let wait = SignedDuration::from_secs((1_i64 << drop.delivery.tries.clamp(1, 8)).min(300));
        Ok(self
            .store
            .retry_delivery(&drop.delivery.id, now.saturating_add(wait).unwrap_or(Timestamp::MAX), reason)
            .await?)
    }

    /// Discord refused a drop for good: the schedule pauses and the moderators are told once.
    pub async fn drop_refused(&self, drop: &DueDrop, reason: &str, remedy: &str) -> Result<()> {
        self.store.finish_delivery(&drop.delivery.id, DeliveryStatus::Failed, Some(reason)).await?;
        self.store.set_paused(&drop.schedule.wanted.id, Some(reason), None).await?;
        let text = format!("is paused: {reason}. {remedy} Then use /drops resume.");
        self.tell_moderators(&drop.schedule, &text).await
    }

    async fn tell_moderators(&self, schedule: &Schedule, text: &str) -> Result<()> {
        let notice = Notice {
            key: trouble_key(&schedule.wanted.id),
            server: Some(schedule.wanted.server),
            channel: schedule.wanted.home_channel,
            text: format!("The question schedule for <#{}> {text}", schedule.wanted.channel),
            tries: 0,
        };
        Ok(self.store.owe_notice(&notice, self.clock.now()).await?)
    }

    async fn parse_schedule(&self, server: ServerId, form: &ScheduleForm) -> Result<NewSchedule> {
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
