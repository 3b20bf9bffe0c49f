//! Layout components (`IS_COMPONENTS_V2`): how many, how nested, how much text, and that `custom_id`s differ.
//!
//! Pictures and files inside them are not looked at: the bot draws with classic embeds, and this is here so that a
//! layout sent by mistake is judged by its own rules and not by those of rows.

use super::components::{self, BUTTON, CustomIds, ROW};
use super::form::Field;

const SECTION: i64 = 9;
const TEXT: i64 = 10;
const CONTAINER: i64 = 17;
/// Rows, sections, texts, galleries, files, separators.
const IN_CONTAINER: [i64; 6] = [ROW, SECTION, TEXT, 12, 13, 14];
const TOP: [i64; 7] = [ROW, SECTION, TEXT, 12, 13, 14, CONTAINER];
/// The most components of a message, nested ones included.
const TOTAL: usize = 40;
/// The most code points over all texts of a message.
const TEXT_TOTAL: usize = 4_000;

#[derive(Default)]
struct Seen<'a> {
    custom_ids: CustomIds<'a>,
    components: usize,
    text: usize,
}

/// Records what is wrong with a message's layout.
pub(super) fn check(components: &Field) {
    let mut seen = Seen::default();
    for component in components.items(0..=TOTAL) {
        check_one(&component, &TOP, &mut seen);
    }
    if seen.components > TOTAL {
        let message = format!("The number of components, nested ones included, exceeds the maximum of {TOTAL}");
        components.fault("COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message);
    }
    if seen.text > TEXT_TOTAL {
        let message = format!("The total displayable text size exceeds the maximum size of {TEXT_TOTAL}");
        components.fault("COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message);
    }
}

fn check_one<'a>(component: &Field<'a>, allowed: &[i64], seen: &mut Seen<'a>) {
    seen.components += 1;
    match component.clone().required().component_type(allowed) {
        Some(ROW) => {
            seen.components += component.get("components").value().and_then(|row| row.as_array()).map_or(0, Vec::len);
            components::check_row(component, &mut seen.custom_ids);
        }
        Some(TEXT) => {
            let text = component.get("content").required().string().unwrap_or_default();
            seen.text += text.chars().count();
        }
        Some(SECTION) => {
            for text in component.get("components").required().items(1..=3) {
                check_one(&text, &[TEXT], seen);
            }
            check_accessory(&component.get("accessory").required(), seen);
        }
        Some(CONTAINER) => {
            for child in component.get("components").required().items(1..=TOTAL) {
                check_one(&child, &IN_CONTAINER, seen);
            }
        }
        _ => {}
    }
}

/// A section carries a button or a thumbnail (type 11) beside its texts.
fn check_accessory<'a>(accessory: &Field<'a>, seen: &mut Seen<'a>) {
    seen.components += 1;
    if accessory.is_present() && accessory.component_type(&[BUTTON, 11]) == Some(BUTTON) {
        components::check_button(accessory, &mut seen.custom_ids);
    }
}
