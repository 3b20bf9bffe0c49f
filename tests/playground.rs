//! The playground is a Discord: a real serenity and poise bot works against it unaware, and it refuses what
//! Discord refuses. What the coach does on it is not tested here.

mod bot;
mod gateway;
mod interactions;
mod people;
mod rest;
mod threads;
