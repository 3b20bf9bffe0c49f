//! What the program does, seen from outside. One module a behaviour.

mod cli;
