//! Every function of the store, against a real file.
