//! Files: kept as they come, described as attachments, and shown by the embeds that name them.

use serde_json::{Value, json};

use super::posting::array;
use super::state::State;

/// A file as it arrives.
#[derive(Debug, Clone, Default)]
pub(crate) struct Upload {
    /// The `n` of `files[n]`.
    pub(crate) index: u64,
    pub(crate) name: String,
    pub(crate) content_type: Option<String>,
    pub(crate) bytes: Vec<u8>,
}

/// A file as it is served.
#[derive(Debug, Clone)]
pub(crate) struct StoredFile {
    pub(crate) name: String,
    pub(crate) content_type: Option<String>,
    pub(crate) bytes: axum::body::Bytes,
}

impl State {
    /// Stores files and points the embeds that name them (`attachment://…`) at where they are served.
    pub(super) fn attach(
        &mut self,
        body: &Value,
        files: Vec<Upload>,
        attachments: &mut Vec<Value>,
        embeds: &mut [Value],
    ) {
        for file in files {
            let described = array(&body["attachments"]);
            let index = file.index.to_string();
            let described = described.iter().find(|a| a["id"] == file.index || a["id"] == index.as_str());
            let described = described.cloned().unwrap_or_default();
            let name = described["filename"].as_str().unwrap_or(&file.name).to_owned();
            let attachment = self.store(&name, file.content_type, file.bytes, &described["description"]);
            let uses = embeds.iter_mut().filter_map(|embed| point_at(embed, &name, &attachment["url"])).count();
            if uses == 0 {
                attachments.push(attachment);
            }
        }
    }

    /// Keeps a file and gives its attachment object.
    pub(crate) fn store(
        &mut self,
        name: &str,
        content_type: Option<String>,
        bytes: Vec<u8>,
        description: &Value,
    ) -> Value {
        let id = self.mint();
        let url = format!("{}/attachments/{id}/{name}", self.url);
        let attachment = json!({
            "id": id.json(), "filename": name, "size": bytes.len(), "url": url, "proxy_url": url,
            "content_type": content_type, "description": description,
        });
        self.files.insert(id, StoredFile { name: name.to_owned(), content_type, bytes: bytes.into() });
        attachment
    }
}

/// Replaces `attachment://name` in an embed's pictures. None if there was none.
fn point_at(embed: &mut Value, name: &str, url: &Value) -> Option<()> {
    let wanted = format!("attachment://{name}");
    let mut used = None;
    for place in ["image", "thumbnail"] {
        if embed[place]["url"] == wanted.as_str() {
            embed[place]["url"] = url.clone();
            embed[place]["proxy_url"] = url.clone();
            used = Some(());
        }
    }
    used
}
