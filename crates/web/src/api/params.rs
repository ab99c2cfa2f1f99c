//! The parameters of the API's addresses, but for those of a search (see `ask`). Each struct is both
//! what is read and what the document says.

use courant_store::contract::{StoryAsk, StoryOrder};
use serde::Deserialize;
use url::form_urlencoded;
use utoipa::IntoParams;

use crate::ask::language;
use crate::fault::Fault;

/// Which stories are listed.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct StoriesParams {
    /// `latest` (article first; the default), `widest` (most outlets first) or `changed` (last changed first).
    #[param(inline, value_type = Option<OrderName>)]
    pub(crate) order: Option<String>,
    /// With an article in this language (ISO 639).
    pub(crate) lang: Option<String>,
    /// With at least so many articles; 1 where left out.
    #[param(minimum = 1, maximum = 1_000_000)]
    pub(crate) at_least: Option<u32>,
    /// At most so many.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub(crate) limit: Option<usize>,
    /// Where the next page begins: `next` of the page before.
    pub(crate) cursor: Option<String>,
}

/// The values of `order`, for the document.
#[derive(utoipa::ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "its variants are read by the schema alone")]
enum OrderName {
    Latest,
    Widest,
    Changed,
}

/// Names of the orders, as addresses write them.
pub(crate) const ORDERS: [(&str, StoryOrder); 3] =
    [("latest", StoryOrder::Latest), ("widest", StoryOrder::Widest), ("changed", StoryOrder::Changed)];

impl StoriesParams {
    /// What the record is asked.
    pub(crate) fn ask(&self, at_least: u32) -> Result<StoryAsk, Fault> {
        let limit = self.limit.unwrap_or(20);
        if !(1..=100).contains(&limit) {
            return Err(Fault::bad_parameter("limit", format!("limit={limit} is out of bounds"), "give 1 to 100"));
        }
        let order = match self.order.as_deref().filter(|name| !name.is_empty()) {
            None => StoryOrder::Latest,
            Some(name) => {
                let order = ORDERS.iter().find(|(known, _)| *known == name).map(|(_, order)| *order);
                let known = ORDERS.map(|(known, _)| known).join(", ");
                order.ok_or_else(|| Fault::bad_parameter("order", format!("there is no order '{name}'"), known))?
            }
        };
        let offset = match self.cursor.as_deref().filter(|cursor| !cursor.is_empty()) {
            None => 0,
            Some(cursor) => cursor.parse::<u32>().map_err(|_| {
                let mend = "leave it out to see the first page";
                Fault::bad_parameter("cursor", format!("'{cursor}' is no cursor of this list"), mend)
            })? as usize,
        };
        let language = self.lang.as_deref().filter(|code| !code.is_empty()).map(|code| language("lang", code));
        let at_least = self.at_least.unwrap_or(at_least);
        if !(1..=1_000_000).contains(&at_least) {
            let detail = format!("at_least={at_least} is out of bounds");
            return Err(Fault::bad_parameter("at_least", detail, "give 1 to 1000000"));
        }
        Ok(StoryAsk { order, at_least, language: language.transpose()?, offset, limit })
    }

    /// This list as an address under `path`.
    pub(crate) fn address(&self, path: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, text) in [("order", &self.order), ("lang", &self.lang)] {
            text.as_deref().filter(|text| !text.is_empty()).map(|text| query.append_pair(name, text));
        }
        for (name, number) in [("at_least", self.at_least.map(u64::from)), ("limit", self.limit.map(|n| n as u64))] {
            number.map(|number| query.append_pair(name, &number.to_string()));
        }
        self.cursor.as_deref().map(|cursor| query.append_pair("cursor", cursor));
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

/// Which revisions are compared.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct DiffParams {
    /// Number of the older revision; the one before `to` where left out.
    #[param(minimum = 1)]
    pub(crate) from: Option<u32>,
    /// Number of the newer revision; the latest where left out.
    #[param(minimum = 1)]
    pub(crate) to: Option<u32>,
}

/// Which piece of the log.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChangesParams {
    /// Rows behind this one; 0, the default, for the log's start.
    pub(crate) after: Option<u64>,
    /// At most so many.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    pub(crate) limit: Option<usize>,
}

/// How much of a host's log of requests.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct HostParams {
    /// At most so many requests.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    pub(crate) limit: Option<usize>,
}
