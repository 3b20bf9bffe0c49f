//! The classic components of a message: rows of buttons, or of one select each.

use std::collections::HashSet;

use super::form::Field;

pub(super) const ROW: i64 = 1;
pub(super) const BUTTON: i64 = 2;
pub(super) const STRING_SELECT: i64 = 3;
pub(super) const TEXT_INPUT: i64 = 4;
/// Every kind of select: string, user, role, mentionable, channel.
pub(super) const SELECTS: [i64; 5] = [STRING_SELECT, 5, 6, 7, 8];
const IN_ROW: [i64; 6] = [BUTTON, STRING_SELECT, 5, 6, 7, 8];
const LINK: i64 = 5;
const PREMIUM: i64 = 6;
/// The kinds of channel that Discord's description names.
const CHANNEL_TYPES: [i64; 12] = [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15];

/// Records what is wrong with a message's rows.
pub(super) fn check(rows: &Field) {
    let mut custom_ids = CustomIds::default();
    for row in rows.items(0..=5) {
        if row.clone().required().component_type(&[ROW]).is_some() {
            check_row(&row, &mut custom_ids);
        }
    }
}

/// Records what is wrong with one row; `custom_ids` are those seen so far in the message.
pub(super) fn check_row<'a>(row: &Field<'a>, custom_ids: &mut CustomIds<'a>) {
    let children = row.get("components").required().items(1..=5);
    let kinds: Vec<_> = children.iter().map(|child| child.clone().required().component_type(&IN_ROW)).collect();
    let has_select = kinds.iter().flatten().any(|kind| *kind != BUTTON);
    if has_select && children.len() > 1 {
        row.fault("COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width");
    }
    for (child, kind) in children.iter().zip(kinds) {
        match kind {
            Some(BUTTON) => check_button(child, custom_ids),
            Some(kind) => check_select(child, kind, custom_ids),
            None => {}
        }
    }
}

/// The `custom_id`s of one message or modal, which must differ.
#[derive(Debug, Default)]
pub(super) struct CustomIds<'a>(HashSet<&'a str>);

impl<'a> CustomIds<'a> {
    /// Judges one `custom_id`'s length and that it is new.
    pub(super) fn check(&mut self, custom_id: &Field<'a>) {
        let Some(id) = custom_id.text(1..=100) else { return };
        if !self.0.insert(id) {
            custom_id.fault("COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated");
        }
    }
}

/// Records what is wrong with one button.
pub(super) fn check_button<'a>(button: &Field<'a>, custom_ids: &mut CustomIds<'a>) {
    button.get("disabled").boolean();
    button.get("label").text(0..=80);
    check_emoji(&button.get("emoji"));
    let (custom_id, url, sku) = (button.get("custom_id"), button.get("url"), button.get("sku_id"));
    match button.get("style").required().choice(&[1, 2, 3, 4, LINK, PREMIUM]) {
        None => {}
        Some(LINK) => {
            url.clone().required();
            url.url(512, &["http", "https", "discord"]);
            forbid(&[custom_id, sku], "a link button");
            check_labelled(button);
        }
        Some(PREMIUM) => {
            sku.required().snowflake();
            forbid(&[custom_id, url, button.get("label"), button.get("emoji")], "a premium button");
        }
        Some(_) => {
            if custom_id.is_present() {
                custom_ids.check(&custom_id);
            } else {
                custom_id.fault("BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required");
            }
            forbid(&[url, sku], "a button with a custom id");
            check_labelled(button);
        }
    }
}

fn forbid(fields: &[Field], what: &str) {
    for field in fields.iter().filter(|field| field.is_present()) {
        field.fault("BUTTON_COMPONENT_FIELD_EXCLUSIVE", format!("This field cannot be specified on {what}"));
    }
}

fn check_labelled(button: &Field) {
    let label = button.get("label");
    let blank = label.value().is_none_or(|value| value.as_str().is_some_and(|text| text.trim().is_empty()));
    if blank && !button.get("emoji").is_present() {
        label.fault("BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or an emoji is required");
    }
}

fn check_emoji(emoji: &Field) {
    if emoji.object().is_none() {
        return;
    }
    emoji.get("id").snowflake();
    let name = emoji.get("name").text(0..=32).unwrap_or_default();
    if name.is_empty() && !emoji.get("id").is_present() {
        emoji.fault("COMPONENT_INVALID_EMOJI", "Invalid emoji");
    }
}

/// Records what is wrong with one select of the given kind.
pub(super) fn check_select<'a>(select: &Field<'a>, kind: i64, custom_ids: &mut CustomIds<'a>) {
    custom_ids.check(&select.get("custom_id").required());
    select.get("placeholder").text(0..=150);
    select.get("disabled").boolean();
    let max_values = select.get("max_values");
    let max = max_values.integer(1..=25);
    // A minimum above the maximum is refused as out of range; an unreadable maximum is reported only once.
    select.get("min_values").integer(0..=max.unwrap_or(if max_values.is_present() { 25 } else { 1 }));
    check_channel_types(&select.get("channel_types"));
    if kind == STRING_SELECT {
        check_options(&select.get("options"), max.and_then(|max| usize::try_from(max).ok()).unwrap_or(1));
    }
}

/// Records what is wrong with the kinds of channel that a select or an option offers.
pub(super) fn check_channel_types(channel_types: &Field) {
    let offered = channel_types.items(0..=CHANNEL_TYPES.len());
    channel_types.check_distinct(&offered);
    for channel_type in offered {
        channel_type.required().enumeration(&CHANNEL_TYPES);
    }
}

fn check_options(options: &Field, max_values: usize) {
    let mut values = HashSet::new();
    // Discord words "more to choose than there is" as the list being too short.
    for option in options.clone().required().items(max_values..=25) {
        if !option.is_object() {
            continue;
        }
        option.get("label").required().text(1..=100);
        option.get("description").text(0..=100);
        option.get("default").boolean();
        check_emoji(&option.get("emoji"));
        let value = option.get("value").required();
        if value.text(1..=100).is_some_and(|text| !values.insert(text)) {
            value.fault("SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used");
        }
    }
}
