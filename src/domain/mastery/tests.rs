//! Properties of the estimate.
