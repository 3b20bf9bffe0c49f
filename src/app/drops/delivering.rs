//! What schedules owe, from the minute it is due to the end of it: delivered, missed or failed, and never forgotten. Each
//! (schedule, local date) is planned once, in the transaction that moves the schedule on.
//!
//! Left out on purpose: speaking to Discord (`discord::drops`), which reports here what came of it.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{App, Error, Result, owed, recurrence, seed, trouble_key};
use crate::app::new_id;
use crate::domain::ids::MessageId;
use crate::domain::question::Question;
use crate::domain::recurrence::{Due, due};
use crate::domain::selection::select_for_drop;
use crate::store::{Delivery, DeliveryStatus, Notice, Posted, Schedule};

/// Schedules planned in one transaction: durable writes cost one wait for the disk each, not one per schedule.
const PLANNED_AT_ONCE: u32 = 200;

/// How long a taken delivery is left alone before another try. Only for what a task lost: nobody else takes what a task is
/// still at, and a new process takes what a dead one had at once.
const LEASE: SignedDuration = SignedDuration::from_secs(120);

/// What comes this late is on time: looking for what is due, and waiting for one's turn among many, take a moment.
const PUNCTUAL: SignedDuration = SignedDuration::from_secs(60);

/// How long Discord certainly refuses to make a second message for the same nonce ("the past few minutes").
const NONCE_HOLDS: SignedDuration = SignedDuration::from_secs(120);

/// Why a drop of a paused schedule is not posted.
const PAUSED: &str = "its schedule was paused";

/// Why a drop that is too late is not posted.
const TOO_LATE: &str = "the catch-up window had passed";

/// A drop to deliver now.
#[derive(Debug, Clone)]
pub struct DueDrop {
    /// The delivery as it stood before it was taken.
    pub delivery: Delivery,
    /// Its schedule.
    pub schedule: Schedule,
    /// What to ask.
    pub question: Arc<Question>,
    /// Why it may no longer be posted, if so. It comes all the same when an earlier try may have posted it.
    pub withdrawn: Option<&'static str>,
    /// Whether Discord still remembers the nonce of an earlier try, so that trying again cannot post it twice.
    pub nonce_holds: bool,
}

impl App {
    /// Plans everything that has come due: owes it, or records it as missed. Returns how many schedules it looked at.
    pub async fn plan_due_drops(&self) -> Result<usize> {
        let now = self.clock.now();
        let due_now = self.store.due_schedules(now, PLANNED_AT_ONCE).await?;
        let mut planned = Vec::with_capacity(due_now.len());
        for schedule in &due_now {
            let Some((at, date)) = schedule.next.clone() else { continue };
            match recurrence(&schedule.wanted) {
                Ok(rule) => {
                    let next = rule.next_after(at).map(|n| (n.at, n.local_date.to_string()));
                    planned.push((self.plan_one(schedule, at, &date, now).await?, next));
                }
                // One schedule that cannot be read must not hold up all others.
                Err(error) => self.pause_unreadable(schedule, &error).await?,
            }
        }
        self.store.plan_deliveries(&planned).await?;
        Ok(due_now.len())
    }

    async fn plan_one(&self, schedule: &Schedule, at: Timestamp, date: &str, now: Timestamp) -> Result<Delivery> {
        let id = &schedule.wanted.id;
        let mut delivery = owed(new_id().0, schedule, Some(date.to_owned()), at, None);
        if self.is_too_late(at, now) {
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

    async fn pause_unreadable(&self, schedule: &Schedule, error: &Error) -> Result<()> {
        tracing::error!(schedule = schedule.wanted.id, %error, "a schedule cannot be read and is paused");
        let reason = "I can no longer read its days, time or zone";
        self.store.pause_schedule(&schedule.wanted.id, reason, self.clock.now()).await?;
        let text = format!("is paused: {reason}. Delete it with /drops delete and create it anew.");
        self.tell_moderators(schedule, &text).await
    }

    /// Takes drops that can be delivered now. Those that may no longer go out, and that nobody has tried, are settled here.
    pub async fn take_due_drops(&self, limit: u32) -> Result<Vec<DueDrop>> {
        let now = self.clock.now();
        let lease_until = now.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
        let mut drops = Vec::new();
        for delivery in self.store.claim_deliveries(now, lease_until, limit).await? {
            let schedule = self.store.schedule(&delivery.schedule_id).await?;
            let question = delivery.question.as_ref().and_then(|slug| self.bank.get(slug.as_str())).cloned();
            let (Some(schedule), Some(question)) = (schedule, question) else {
                let reason = "its question has been retired";
                self.store.finish_delivery(&delivery.id, DeliveryStatus::Failed, Some(reason)).await?;
                continue;
            };
            let late = self.is_too_late(delivery.due, now).then_some(TOO_LATE);
            let withdrawn = schedule.paused_reason.as_ref().map(|_| PAUSED).or(late);
            let nonce_holds = now.duration_since(delivery.due) < NONCE_HOLDS;
            match withdrawn.filter(|_| delivery.status == DeliveryStatus::Owed) {
                Some(reason) => {
                    self.store.finish_delivery(&delivery.id, DeliveryStatus::Missed, Some(reason)).await?;
                }
                None => drops.push(DueDrop { delivery, schedule, question, withdrawn, nonce_holds }),
            }
        }
        Ok(drops)
    }

    /// A drop's message is there.
    pub async fn drop_posted(&self, drop: &DueDrop, message: MessageId, thread_next: bool) -> Result<()> {
        let posted = Posted {
            id: &drop.delivery.id,
            message,
            thread_next,
            server: drop.schedule.wanted.server,
            question: &drop.question.slug,
            ends_trouble: &trouble_key(&drop.schedule.wanted.id),
        };
        Ok(self.store.delivery_posted(posted, self.clock.now()).await?)
    }

    /// A drop's thread is there too.
    pub async fn drop_threaded(&self, drop: &DueDrop) -> Result<()> {
        self.store.finish_delivery(&drop.delivery.id, DeliveryStatus::Sent, None).await?;
        Ok(self.store.forget_notice(&trouble_key(&drop.schedule.wanted.id)).await?)
    }

    /// Discord will not open a thread for a drop. The question is there, which is what was promised: the missing thread is
    /// told once and not tried again.
    pub async fn drop_without_thread(&self, drop: &DueDrop, reason: &str, remedy: &str) -> Result<()> {
        let stored = format!("without a thread: {reason}");
        self.store.finish_delivery(&drop.delivery.id, DeliveryStatus::Sent, Some(&stored)).await?;
        self.tell_moderators(&drop.schedule, &format!("posted its question without a thread: {reason}. {remedy}")).await
    }

    /// A drop that may no longer go out has not.
    pub async fn drop_withdrawn(&self, drop: &DueDrop, reason: &str) -> Result<()> {
        Ok(self.store.finish_delivery(&drop.delivery.id, DeliveryStatus::Missed, Some(reason)).await?)
    }

    /// At start: whatever a dead process had taken is free again.
    pub async fn release_leases(&self) -> Result<()> {
        Ok(self.store.release_leases(self.clock.now()).await?)
    }

    /// Discord took nothing and said how long to wait.
    pub async fn drop_held(&self, drop: &DueDrop, wait: SignedDuration, reason: &str) -> Result<()> {
        // What was merely owed is merely owed again; an earlier try stays one.
        self.put_off(drop, drop.delivery.status, wait, reason).await
    }

    /// Discord did not answer, and may have taken a drop or not: look again soon.
    pub async fn drop_delayed(&self, drop: &DueDrop, reason: &str) -> Result<()> {
        self.put_off(drop, DeliveryStatus::Sending, backoff(drop.delivery.tries), reason).await
    }

    /// Discord did not open a drop's thread: try again soon, for as long as a drop may be late.
    pub async fn thread_delayed(&self, drop: &DueDrop, reason: &str) -> Result<()> {
        if self.is_too_late(drop.delivery.due, self.clock.now()) {
            return self.drop_without_thread(drop, reason, "The next one is tried as usual.").await;
        }
        self.put_off(drop, DeliveryStatus::Threading, backoff(drop.delivery.tries), reason).await
    }

    async fn put_off(&self, drop: &DueDrop, to: DeliveryStatus, wait: SignedDuration, reason: &str) -> Result<()> {
        let now = self.clock.now();
        if to != DeliveryStatus::Threading && self.is_too_late(drop.delivery.due, now) {
            return self.drop_withdrawn(drop, reason).await;
        }
        let at = now.saturating_add(wait).unwrap_or(Timestamp::MAX);
        Ok(self.store.retry_delivery(&drop.delivery.id, to, at, reason).await?)
    }

    /// Discord refused a drop for good: the schedule pauses and the moderators are told once.
    pub async fn drop_refused(&self, drop: &DueDrop, reason: &str, remedy: &str) -> Result<()> {
        self.store.finish_delivery(&drop.delivery.id, DeliveryStatus::Failed, Some(reason)).await?;
        self.store.pause_schedule(&drop.schedule.wanted.id, reason, self.clock.now()).await?;
        self.tell_moderators(&drop.schedule, &format!("is paused: {reason}. {remedy}")).await
    }

    async fn tell_moderators(&self, schedule: &Schedule, text: &str) -> Result<()> {
        let notice = Notice {
            key: trouble_key(&schedule.wanted.id),
            server: Some(schedule.wanted.server),
            channel: schedule.wanted.home_channel,
            text: format!("The question schedule for <#{}> {text}", schedule.wanted.channel),
            tries: 0,
            owed_at: self.clock.now(),
        };
        Ok(self.store.owe_notice(&notice).await?)
    }

    fn is_too_late(&self, planned: Timestamp, now: Timestamp) -> bool {
        due(planned, now, self.catch_up.max(PUNCTUAL)) == Due::Missed
    }
}

/// 2 s, 4 s, 8 s … up to 5 minutes.
fn backoff(tries: u32) -> SignedDuration {
    SignedDuration::from_secs((1_i64 << tries.clamp(1, 9)).min(300))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_come_at_growing_distances_of_at_most_five_minutes() {
        let seconds: Vec<i64> = [0, 1, 2, 3, 8, 9, u32::MAX].map(|tries| backoff(tries).as_secs()).to_vec();
        assert_eq!(seconds, [2, 2, 4, 8, 256, 300, 300]);
    }
}
