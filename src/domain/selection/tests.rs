//! Properties of selection over random banks and histories.
