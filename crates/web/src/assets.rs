//! The stylesheet and the icon, held in the binary. Their addresses carry a hash of their bytes, so
//! that browsers keep them for good and still see a new one at once.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::IntoResponse;

const STYLE: &str = include_str!("../static/style.css");
const ICON: &str = include_str!("../static/icon.svg");

static STYLE_ADDRESS: LazyLock<String> =
    LazyLock::new(|| format!("/static/style.css?v={}", &blake3::hash(STYLE.as_bytes()).to_hex()[..12]));

/// Where pages find the stylesheet.
pub(crate) fn style_address() -> String {
    STYLE_ADDRESS.clone()
}

/// For good: another text has another address.
const KEEP: &str = "public, max-age=31536000, immutable";

/// The stylesheet.
pub(crate) async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, KEEP)], STYLE)
}

/// The icon, of which there has only ever been one.
pub(crate) async fn icon() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")], ICON)
}
