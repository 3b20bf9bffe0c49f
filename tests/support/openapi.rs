//! Holds a request against an OpenAPI 3.1 description, such as the one Discord publishes.
//!
//! Left out on purpose: responses, headers, the values of path and query parameters, and the contents of uploaded
//! files. A property that the description does not name passes, as OpenAPI has it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, Registry, Resource, ValidationError, Validator};
use serde_json::Value;

/// The name under which the description is known to `$ref`; nothing is ever fetched from it.
const DOCUMENT: &str = "urn:description";
/// How many faults of one body are worth reading.
const MOST_ERRORS: usize = 5;
const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// A description of requests, whose schemas are compiled when first needed and then kept.
pub struct OpenApi {
    document: Value,
    paths: Vec<Path>,
    registry: Registry<'static>,
    compiled: Mutex<HashMap<String, Arc<Validator>>>,
}

/// A path of the description, such as `/channels/{channel_id}/messages`.
struct Path {
    template: String,
    /// The segments, where none stands for a parameter.
    segments: Vec<Option<String>>,
}

impl OpenApi {
    /// The description in the file that `DISCORD_OPENAPI` names, or none when that is not set.
    ///
    /// # Panics
    ///
    /// When the variable is set and the file cannot be used: a test that was asked for must not be skipped.
    pub fn from_env() -> Option<Self> {
        let file = std::env::var("DISCORD_OPENAPI").ok().filter(|file| !file.is_empty())?;
        let text = std::fs::read_to_string(&file).map_err(|error| error.to_string());
        let document = text.and_then(|text| serde_json::from_str(&text).map_err(|error| error.to_string()));
        let openapi = document.and_then(Self::new);
        Some(openapi.unwrap_or_else(|error| panic!("DISCORD_OPENAPI={file} is no usable description: {error}")))
    }

    /// The description in `document`.
    ///
    /// # Errors
    ///
    /// A sentence when it has no paths or its references cannot be indexed.
    pub fn new(mut document: Value) -> Result<Self, String> {
        forget_required_files(&mut document);
        let paths = document["paths"].as_object().ok_or("it has no `paths`")?;
        let paths = paths.keys().map(|template| Path::new(template)).collect();
        let resource = Resource::from_contents(document.clone());
        let registry = Registry::new()
            .draft(Draft::Draft202012)
            .add(DOCUMENT, resource)
            .and_then(|builder| builder.prepare())
            .map_err(|error| error.to_string())?;
        Ok(Self { document, paths, registry, compiled: Mutex::default() })
    }

    /// Checks one request. `path` may start with `/api/v10` and may carry a query; `body` is the JSON body, or the
    /// `payload_json` part of a multipart one.
    ///
    /// # Errors
    ///
    /// What is wrong, with at most five faults of the body, each with its place.
    pub fn check(&self, method: &str, path: &str, body: Option<&Value>) -> Result<(), String> {
        let at = |what: String| format!("{method} {path}: {what}");
        let (concrete, query) = path.split_once('?').unwrap_or((path, ""));
        let concrete = concrete.strip_prefix("/api/v10").unwrap_or(concrete);
        let template = self.find(concrete).ok_or_else(|| at("no such path in the description".to_owned()))?;
        let item = &self.document["paths"][template];
        let method = method.to_ascii_lowercase();
        let operation = METHODS.contains(&method.as_str()).then(|| item.get(&method)).flatten().ok_or_else(|| {
            let known: Vec<_> = METHODS.into_iter().filter(|known| item.get(known).is_some()).collect();
            at(format!("{template} takes only {}", known.join(", ").to_uppercase()))
        })?;
        check_query(item, operation, query).map_err(at)?;
        self.check_body(template, &method, operation, body).map_err(at)
    }

    fn check_body(&self, template: &str, method: &str, operation: &Value, body: Option<&Value>) -> Result<(), String> {
        let Some(content) = operation.pointer("/requestBody/content") else {
            let nothing = body.is_none_or(|body| body.is_null() || body.as_object().is_some_and(|map| map.is_empty()));
            return if nothing { Ok(()) } else { Err("takes no body".to_owned()) };
        };
        let Some(body) = body else {
            let required = operation["requestBody"]["required"] == true;
            return if required { Err("needs a body".to_owned()) } else { Ok(()) };
        };
        let media = ["application/json", "multipart/form-data"].into_iter().find(|media| content.get(media).is_some());
        let media = media.ok_or("is described neither as JSON nor as a form")?;
        let parts = ["paths", template, method, "requestBody", "content", media, "schema"];
        let errors = faults(self.validator(&pointer(&parts))?.as_ref(), body);
        if errors.is_empty() { Ok(()) } else { Err(errors.join("; ")) }
    }

    /// The most specific template that fits: the earlier a literal stands, the more it counts.
    fn find(&self, concrete: &str) -> Option<&str> {
        let segments: Vec<&str> = concrete.split('/').collect();
        let fitting = self.paths.iter().filter(|path| path.fits(&segments));
        let best = fitting.max_by_key(|path| path.segments.iter().map(Option::is_some).collect::<Vec<_>>())?;
        Some(&best.template)
    }

    fn validator(&self, pointer: &str) -> Result<Arc<Validator>, String> {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = compiled.get(pointer) {
            return Ok(Arc::clone(validator));
        }
        let schema = serde_json::json!({ "$ref": format!("{DOCUMENT}#{pointer}") });
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_registry(&self.registry)
            .should_validate_formats(true)
            .build(&schema)
            .map_err(|error| format!("the schema at {pointer} cannot be compiled: {error}"))?;
        let validator = Arc::new(validator);
        compiled.insert(pointer.to_owned(), Arc::clone(&validator));
        Ok(validator)
    }
}

impl Path {
    fn new(template: &str) -> Self {
        let literal = |segment: &str| (!segment.starts_with('{')).then(|| segment.to_owned());
        Self { template: template.to_owned(), segments: template.split('/').map(literal).collect() }
    }

    fn fits(&self, concrete: &[&str]) -> bool {
        let fits = |(mine, other): (&Option<String>, &&str)| match mine {
            Some(literal) => literal == other,
            None => !other.is_empty(),
        };
        self.segments.len() == concrete.len() && self.segments.iter().zip(concrete).all(fits)
    }
}

fn check_query(item: &Value, operation: &Value, query: &str) -> Result<(), String> {
    let lists = [item, operation].into_iter().filter_map(|owner| owner["parameters"].as_array()).flatten();
    let known: Vec<&str> = lists.filter(|p| p["in"] == "query").filter_map(|p| p["name"].as_str()).collect();
    let names = query.split('&').map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name));
    match names.filter(|name| !name.is_empty()).find(|name| !known.contains(name)) {
        Some(name) => Err(format!("unknown query parameter `{name}`; known are: {}", known.join(", "))),
        None => Ok(()),
    }
}

/// Forms that are only described as multipart require their files, which are no part of the JSON checked here.
fn forget_required_files(document: &mut Value) {
    let items = document["paths"].as_object_mut().into_iter().flatten();
    let operations = items.filter_map(|(_, item)| item.as_object_mut()).flatten();
    for (_, operation) in operations {
        let Some(schema) = operation.pointer_mut("/requestBody/content/multipart~1form-data/schema") else { continue };
        let properties = schema["properties"].clone();
        if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
            let is_file = |name: &Value| properties[name.as_str().unwrap_or_default()]["contentEncoding"] == "binary";
            required.retain(|name| !is_file(name));
        }
    }
}

/// A JSON pointer (RFC 6901), escaped for use in the fragment of a URI.
fn pointer(parts: &[&str]) -> String {
    let escape = |part: &&str| {
        let part = part.replace('~', "~0").replace('/', "~1");
        format!("/{}", part.replace('%', "%25").replace('{', "%7B").replace('}', "%7D"))
    };
    parts.iter().map(escape).collect()
}

fn faults(validator: &Validator, body: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for error in validator.iter_errors(body) {
        describe(&error, &mut found);
    }
    found.truncate(MOST_ERRORS);
    found
}

/// Writes down an error; of alternatives that all fail, only the errors of the one that was most likely meant.
fn describe(error: &ValidationError<'_>, found: &mut Vec<String>) {
    let place = error.instance_path().to_string();
    if let ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } = error.kind() {
        // An alternative of another JSON type was hardly meant, nor was one with another `type` tag.
        let tag = format!("{place}/type");
        let unlikely = |errors: &&Vec<ValidationError<'_>>| {
            let doubt = |error: &ValidationError<'_>| match error.kind() {
                ValidationErrorKind::Type { .. } if error.instance_path().as_str() == place => 2,
                _ => u8::from(error.instance_path().as_str() == tag),
            };
            (errors.iter().map(doubt).max(), errors.len())
        };
        let meant = context.iter().filter(|errors| !errors.is_empty()).min_by_key(unlikely);
        if let Some(errors) = meant {
            errors.iter().for_each(|error| describe(error, found));
            return;
        }
    }
    // Masked: what people wrote is not repeated in a test's output.
    found.push(format!("at `{place}`: {}", error.masked()));
}
