//! What people see, as snapshots.
