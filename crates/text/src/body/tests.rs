//! Bodies of whole pages.
