//! The bot on Discord: the only place that knows serenity and poise.
//!
//! In reading order: [`bot`] connects and hands events out; [`commands`] holds one file per slash command; [`presses`]
//! answers buttons and forms, whose ids [`components`] parses; [`render`] makes what people see; [`worker`] does what has
//! come due, with [`drops`], [`interviews`] and [`notices`]; [`rest`] and [`respond`] talk to Discord; [`errors`] is the
//! one place where an error becomes a message.

pub mod bot;
pub mod commands;
pub mod components;
mod drops;
mod errors;
mod interviews;
mod notices;
mod permissions;
mod presses;
pub mod render;
mod respond;
pub mod rest;
mod worker;
