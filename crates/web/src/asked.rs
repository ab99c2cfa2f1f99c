//! The query string of a request, read into the struct that also documents it.
//!
//! One struct per address is both what is read (serde) and what the OpenAPI document says (utoipa),
//! so that the names cannot drift apart. The API refuses a parameter that it does not know, and
//! names those it does; pages pass over it, because the web adds its own to every link.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use url::form_urlencoded;
use utoipa::IntoParams;

use crate::fault::Fault;

/// Parameters of an address of the API.
pub(crate) struct Asked<T>(pub(crate) T);

/// Parameters of a page.
pub(crate) struct Viewed<T>(pub(crate) T);

impl<T: DeserializeOwned + IntoParams, S: Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        let query = parts.uri.query().unwrap_or_default();
        let known = names::<T>();
        for (name, _) in form_urlencoded::parse(query.as_bytes()) {
            if !known.iter().any(|k| *k == name) {
                let mend = match known.is_empty() {
                    true => "this address takes no parameters".to_owned(),
                    false => format!("known here: {}", known.join(", ")),
                };
                return Err(Fault::bad_parameter(&name, format!("there is no parameter '{name}'"), mend));
            }
        }
        read(query).map(Self)
    }
}

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Viewed<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        read(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// The names of the parameters that `T` knows.
fn names<T: IntoParams>() -> Vec<String> {
    T::into_params(|| None).into_iter().map(|parameter| parameter.name).collect()
}

fn read<T: DeserializeOwned>(query: &str) -> Result<T, Fault> {
    let deserializer = serde_html_form::Deserializer::from_bytes(query.as_bytes());
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let field = error.path().to_string();
        let field = field.split(['[', '.']).next().unwrap_or_default();
        let value = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == field);
        let value = value.map(|(_, value)| value.into_owned()).unwrap_or_default();
        let why = error.inner().to_string();
        Fault::bad_parameter(field, format!("'{value}' cannot be read as {field}: {why}"), "see /openapi.json")
    })
}

/// Parameters for addresses that take none.
#[derive(serde::Deserialize, IntoParams)]
pub(crate) struct Nothing {}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize, IntoParams)]
    #[serde(default)]
    struct Sample {
        q: Option<String>,
        outlet: Vec<String>,
        limit: Option<usize>,
    }

    async fn asked(query: &str) -> Result<Sample, Fault> {
        let request = Request::get(format!("/x?{query}")).body(()).expect("a request");
        let mut parts = request.into_parts().0;
        Asked::<Sample>::from_request_parts(&mut parts, &()).await.map(|asked| asked.0)
    }

    #[tokio::test]
    async fn parameters_are_read_once_or_several_times() {
        let read = asked("q=a+b%20c&outlet=x&outlet=y&limit=7").await.expect("good");
        let outlet = vec!["x".to_owned(), "y".to_owned()];
        assert_eq!(read, Sample { q: Some("a b c".into()), outlet, limit: Some(7) });
        assert_eq!(asked("limit=").await.expect("an empty number is none"), Sample::default());
    }

    #[tokio::test]
    async fn what_is_wrong_is_named_with_its_mend() {
        let fault = asked("limt=7").await.expect_err("unknown");
        assert_eq!(fault.problem().field.as_deref(), Some("limt"));
        assert_eq!(fault.problem().mend.as_deref(), Some("known here: q, outlet, limit"));
        let fault = asked("limit=many").await.expect_err("no number");
        assert_eq!(fault.problem().field.as_deref(), Some("limit"));
        assert!(fault.problem().detail.contains("'many'"), "{fault:?}");
    }
}
