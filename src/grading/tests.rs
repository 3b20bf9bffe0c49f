//! What the grader promises, on small banks.
