//! The period that a sitemap's own address speaks of: `/sitemap-2019-05.xml`, `/2019/05/map.xml`,
//! `/sitemap.xml?yyyy=2019&mm=05`. An index that dates nothing else is read by it.
//!
//! A year alone in a file's name may as well be the number of the file, and says nothing here.

use jiff::civil::Date;
use url::Url;

/// The last day of the period; `None` where the address speaks of none.
pub(super) fn last_day(address: &str) -> Option<Date> {
    let url = Url::parse(address).ok()?;
    in_query(&url).or_else(|| in_path(url.path()))
}

fn in_query(url: &Url) -> Option<Date> {
    let get = |names: [&str; 2]| {
        url.query_pairs().find(|(name, _)| names.contains(&&*name.to_ascii_lowercase())).map(|(_, value)| value)
    };
    let (month, day) = (get(["mm", "month"]), get(["dd", "day"]));
    end_of(&get(["yyyy", "year"])?, month.as_deref(), day.as_deref())
}

fn in_path(path: &str) -> Option<Date> {
    let bytes = path.as_bytes();
    // Runs of digits, and where each begins.
    let mut runs: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for part in path.split(|c: char| !c.is_ascii_digit()) {
        if !part.is_empty() {
            runs.push((at, part));
        }
        // The path of a URL is ASCII.
        at += part.len() + 1;
    }
    // Whether the second run follows the first at once.
    let joined = |pair: &[(usize, &str)]| {
        let [(at, first), (next, _)] = pair else { return false };
        *next == at + first.len() + 1 && matches!(bytes[at + first.len()], b'-' | b'_' | b'/' | b'.')
    };
    runs.iter().enumerate().find_map(|(n, (_, run))| match run.len() {
        8 => end_of(&run[..4], Some(&run[4..6]), Some(&run[6..])),
        6 => end_of(&run[..4], Some(&run[4..]), None),
        4 => {
            let follows = |n: usize| runs.get(n..n + 2).filter(|pair| joined(pair) && pair[1].1.len() <= 2);
            let month = follows(n)?[1].1;
            end_of(run, Some(month), follows(n + 1).map(|pair| pair[1].1))
        }
        _ => None,
    })
}

fn end_of(year: &str, month: Option<&str>, day: Option<&str>) -> Option<Date> {
    let year: i16 = year.parse().ok().filter(|year| (1990..2100).contains(year))?;
    let Some(month) = month else { return Date::new(year, 12, 31).ok() };
    let first = Date::new(year, month.parse().ok()?, 1).ok()?;
    match day.and_then(|day| day.parse().ok()) {
        // What follows the month may be the number of a file.
        Some(day) => Date::new(year, first.month(), day).ok().or(Some(first.last_of_month())),
        None => Some(first.last_of_month()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_speak_of_a_period() {
        for (path, day) in [
            ("/sitemap-2019-05.xml", Some("2019-05-31")),
            ("/sitemap-pt-post-p1-2019-02.xml", Some("2019-02-28")),
            ("/sitemaps/2019/05/map.xml.gz", Some("2019-05-31")),
            ("/sitemap_201905.xml", Some("2019-05-31")),
            ("/archive/20190507.xml", Some("2019-05-07")),
            ("/map-2019-05-07.xml", Some("2019-05-07")),
            ("/map-2019-05-77.xml", Some("2019-05-31")),
            ("/sitemap.xml?yyyy=2019&mm=05&dd=07", Some("2019-05-07")),
            ("/sitemap.xml?year=2019", Some("2019-12-31")),
            ("/sitemap-2019.xml", None),
            ("/sitemap-2019-77.xml", None),
            ("/sitemap-201977.xml", None),
            ("/sitemap-1234-05.xml", None),
            ("/sitemap-2019x05.xml", None),
            ("/é/2019-05.xml", Some("2019-05-31")),
            ("/sitemap.xml", None),
        ] {
            let told = last_day(&format!("https://press.example{path}")).map(|day| day.to_string());
            assert_eq!(told.as_deref(), day, "{path}");
        }
        assert_eq!(last_day("not an address"), None);
    }
}
