//! Whole pages of our own, one for each structure.
