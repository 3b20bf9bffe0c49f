//! Pressing buttons, choosing from menus, submitting modals, and uploading files for commands.

use serde_json::{Value, json};

use super::super::interaction::{COMPONENT, Deed, MODAL};
use super::super::snowflake::Snowflake;
use super::super::state::State;
use super::{Failure, Message, Modal, Person, Response, Select, view};

const BUTTON: u64 = 2;

impl Person {
    /// Presses a button, by label or custom id, on the message as it is now, and waits for the acknowledgement.
    ///
    /// # Errors
    /// When they do not see the message, it has no such button, the button is disabled or a link, or nothing
    /// comes in time ("The application did not respond").
    pub async fn press(&self, message: &Message, label: &str) -> Result<Response, Failure> {
        let id = self.playground.inner.change(|state| {
            let now = self.seen(state, message)?;
            let button = now.button(label).ok_or_else(|| {
                let there: Vec<String> = now.buttons().into_iter().map(|button| button.label).collect();
                Failure(format!("there is no button {label:?}; there are {there:?}"))
            })?;
            if button.disabled || button.url.is_some() {
                return Err(Failure(format!("the button {label:?} is disabled or a link")));
            }
            Ok(self.interact_with(state, &now, json!({ "custom_id": button.custom_id, "component_type": BUTTON })))
        })?;
        self.acknowledged(id).await
    }

    /// Presses whatever custom id on a message, as an old or a forged client would.
    ///
    /// # Errors
    /// When they do not see the message or nothing comes in time.
    pub async fn press_raw(&self, message: &Message, custom_id: &str) -> Result<Response, Failure> {
        let data = json!({ "custom_id": custom_id, "component_type": BUTTON });
        let id = self.playground.inner.change(|state| {
            let now = self.seen(state, message)?;
            Ok::<_, Failure>(self.interact_with(state, &now, data))
        })?;
        self.acknowledged(id).await
    }

    /// Chooses from a menu, by its custom id or placeholder; options go by label or value.
    ///
    /// # Errors
    /// When they do not see the message, it has no such menu or option, too few or too many are chosen, or
    /// nothing comes in time.
    pub async fn choose(&self, message: &Message, menu: &str, options: &[&str]) -> Result<Response, Failure> {
        let id = self.playground.inner.change(|state| {
            let now = self.seen(state, message)?;
            let selects = now.selects();
            let menu = selects.iter().find(|select| select.custom_id == menu || select.placeholder == menu);
            let menu =
                menu.filter(|menu| !menu.disabled).ok_or_else(|| Failure(format!("no such menu in {selects:?}")))?;
            let values = options.iter().map(|wanted| value_in(menu, wanted)).collect::<Result<Vec<String>, _>>()?;
            let (least, most) = menu.range;
            if !(least..=most).contains(&(values.len() as u64)) {
                return Err(Failure(format!("the menu takes {least} to {most} options, not {}", values.len())));
            }
            let data = json!({ "custom_id": menu.custom_id, "component_type": menu.kind, "values": values });
            Ok(self.interact_with(state, &now, data))
        })?;
        self.acknowledged(id).await
    }

    /// The message as it is now, if they see it.
    fn seen(&self, state: &State, message: &Message) -> Result<Message, Failure> {
        state.visible_channel(self.id, message.channel_id)?;
        let known = state.message(message.channel_id, message.id);
        if known.is_some_and(|known| known.only_for.is_some_and(|only| only != self.id)) {
            return Err(Failure(format!("{} does not see this message", self.name)));
        }
        view(state, message.channel_id, message.id)
    }

    fn interact_with(&self, state: &mut State, message: &Message, data: Value) -> Snowflake {
        let (channel, source) = (message.channel_id, Some(message.id));
        state.interact(Deed { kind: COMPONENT, user: self.id, channel, data, source, opened_by: None })
    }

    /// Fills in a modal, fields by label or custom id, and submits it. Fields not named keep what was in them.
    ///
    /// # Errors
    /// What Discord's client would not let through: an unknown field, one too short, too long, or left empty;
    /// or nothing comes in time.
    pub async fn submit(&self, modal: &Modal, fields: &[(&str, &str)]) -> Result<Response, Failure> {
        let values = filled(modal, fields)?;
        self.submit_raw(modal, &modal.custom_id, &values).await
    }

    /// Submits values by custom id under whatever custom id, as an old or a forged client would.
    ///
    /// # Errors
    /// When nothing comes in time.
    pub async fn submit_raw(
        &self,
        modal: &Modal,
        custom_id: &str,
        values: &[(String, String)],
    ) -> Result<Response, Failure> {
        let labelled = modal.json["components"][0]["component"].is_object();
        let row = |(position, (field, value)): (usize, &(String, String))| {
            let input = json!({ "type": 4, "id": 2 * position + 2, "custom_id": field, "value": value });
            let (kind, key) = if labelled { (18, "component") } else { (1, "components") };
            let held = if labelled { input } else { json!([input]) };
            json!({ "type": kind, "id": 2 * position + 1, key: held })
        };
        let rows: Vec<Value> = values.iter().enumerate().map(row).collect();
        let data = json!({ "custom_id": custom_id, "components": rows });
        let id = self.playground.inner.change(|state| {
            let opener = state.interactions.get(modal.opened_by);
            let opener = opener.ok_or_else(|| Failure("the modal is nobody's".to_owned()))?;
            let (channel, source, opened_by) = (opener.channel, opener.source, Some(opener.metadata.clone()));
            Ok::<_, Failure>(state.interact(Deed { kind: MODAL, user: self.id, channel, data, source, opened_by }))
        })?;
        self.acknowledged(id).await
    }

    /// Uploads a file for a command's attachment option, which then takes the id: `file:123`.
    #[must_use]
    pub fn upload(&self, name: &str, content_type: &str, bytes: &[u8]) -> Snowflake {
        let kind = Some(content_type.to_owned());
        let stored = self.playground.inner.change(|state| state.store(name, kind, bytes.to_vec(), &Value::Null));
        Snowflake::from_json(&stored["id"]).unwrap_or(Snowflake(0))
    }
}

fn value_in(menu: &Select, wanted: &str) -> Result<String, Failure> {
    if menu.kind != 3 {
        return Ok(wanted.to_owned());
    }
    let option = menu.options.iter().find(|(label, value)| label == wanted || value == wanted);
    option.map(|(_, value)| value.clone()).ok_or_else(|| Failure(format!("{wanted:?} is not in {:?}", menu.options)))
}

fn filled(modal: &Modal, fields: &[(&str, &str)]) -> Result<Vec<(String, String)>, Failure> {
    if let Some((unknown, _)) = fields.iter().find(|(label, _)| modal.field(label).is_none()) {
        let there: Vec<&str> = modal.fields.iter().map(|field| field.label.as_str()).collect();
        return Err(Failure(format!("there is no field {unknown:?}; there are {there:?}")));
    }
    let mut values = Vec::new();
    for field in &modal.fields {
        let given = fields.iter().find(|(label, _)| *label == field.label || *label == field.custom_id);
        let value = given.map_or(field.value.as_str(), |(_, value)| value);
        let length = value.chars().count() as u64;
        let (least, most) = field.length;
        if length == 0 && field.required {
            return Err(Failure(format!("the field {:?} is required", field.label)));
        }
        if length > most || (length > 0 && length < least) {
            return Err(Failure(format!("{:?} takes {least} to {most} characters, not {length}", field.label)));
        }
        values.push((field.custom_id.clone(), value.to_owned()));
    }
    Ok(values)
}
