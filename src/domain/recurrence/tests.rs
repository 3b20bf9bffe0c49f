//! Properties of recurrences over whole years of every zone that changes its clocks.
