//! Modals: one to five rows or labels, each around one input.

use super::components::{CustomIds, ROW, SELECTS, TEXT_INPUT, check_select};
use super::form::Field;

const LABEL: i64 = 18;
/// The most code points a text input can take.
const INPUT: i64 = 4_000;

/// Records what is wrong with a modal.
pub(super) fn check(modal: &Field) {
    if !modal.is_object() {
        return;
    }
    modal.get("custom_id").required().text(1..=100);
    modal.get("title").required().text(1..=45);
    let mut custom_ids = CustomIds::default();
    for part in modal.get("components").required().items(1..=5) {
        match part.clone().required().component_type(&[ROW, LABEL]) {
            Some(ROW) => check_row(&part, &mut custom_ids),
            Some(_) => check_label(&part, &mut custom_ids),
            None => {}
        }
    }
}

fn check_row<'a>(row: &Field<'a>, custom_ids: &mut CustomIds<'a>) {
    for input in row.get("components").required().items(1..=1) {
        if input.clone().required().component_type(&[TEXT_INPUT]).is_some() {
            input.get("label").required().text(1..=45);
            check_text_input(&input, custom_ids);
        }
    }
}

fn check_label<'a>(label: &Field<'a>, custom_ids: &mut CustomIds<'a>) {
    label.get("label").required().text(1..=45);
    label.get("description").text(1..=100);
    let inner = label.get("component").required();
    let allowed: Vec<i64> = SELECTS.into_iter().chain([TEXT_INPUT]).collect();
    if !inner.is_present() {
        return;
    }
    match inner.component_type(&allowed) {
        Some(TEXT_INPUT) => check_text_input(&inner, custom_ids),
        Some(kind) => {
            inner.get("required").boolean();
            check_select(&inner, kind, custom_ids);
        }
        None => {}
    }
}

fn check_text_input<'a>(input: &Field<'a>, custom_ids: &mut CustomIds<'a>) {
    custom_ids.check(&input.get("custom_id").required());
    input.get("style").required().choice(&[1, 2]);
    input.get("required").boolean();
    input.get("placeholder").text(0..=100);
    let max = input.get("max_length").integer(1..=INPUT).unwrap_or(INPUT);
    input.get("min_length").integer(0..=max);
    input.get("value").text(0..=usize::try_from(max).unwrap_or(0));
}
