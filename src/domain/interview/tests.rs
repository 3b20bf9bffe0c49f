//! The machine under random candidates, kills and retirements.
