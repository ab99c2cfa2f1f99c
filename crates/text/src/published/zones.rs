//! The clock of a country: which IANA zone a page goes by whose times name none, or only UTC. By the
//! country of the host's top-level domain, else of the page's language (`de-AT`). Countries of several
//! zones stand for the one that most of their press goes by.

/// Country codes (ISO 3166-1) and their zones.
const ZONES: &[(&str, &str)] = &[
    ("ae", "Asia/Dubai"),
    ("al", "Europe/Tirane"),
    ("am", "Asia/Yerevan"),
    ("ar", "America/Argentina/Buenos_Aires"),
    ("at", "Europe/Vienna"),
    ("au", "Australia/Sydney"),
    ("az", "Asia/Baku"),
    ("ba", "Europe/Sarajevo"),
    ("bd", "Asia/Dhaka"),
    ("be", "Europe/Brussels"),
    ("bg", "Europe/Sofia"),
    ("bo", "America/La_Paz"),
    ("br", "America/Sao_Paulo"),
    ("by", "Europe/Minsk"),
    ("ca", "America/Toronto"),
    ("ch", "Europe/Zurich"),
    ("cl", "America/Santiago"),
    ("cn", "Asia/Shanghai"),
    ("cr", "America/Costa_Rica"),
    ("cy", "Asia/Nicosia"),
    ("cz", "Europe/Prague"),
    ("de", "Europe/Berlin"),
    ("dk", "Europe/Copenhagen"),
    ("do", "America/Santo_Domingo"),
    ("dz", "Africa/Algiers"),
    ("ec", "America/Guayaquil"),
    ("ee", "Europe/Tallinn"),
    ("eg", "Africa/Cairo"),
    ("es", "Europe/Madrid"),
    ("fi", "Europe/Helsinki"),
    ("fr", "Europe/Paris"),
    ("gb", "Europe/London"),
    ("ge", "Asia/Tbilisi"),
    ("gh", "Africa/Accra"),
    ("gr", "Europe/Athens"),
    ("gt", "America/Guatemala"),
    ("hk", "Asia/Hong_Kong"),
    ("hn", "America/Tegucigalpa"),
    ("hr", "Europe/Zagreb"),
    ("hu", "Europe/Budapest"),
    ("id", "Asia/Jakarta"),
    ("ie", "Europe/Dublin"),
    ("il", "Asia/Jerusalem"),
    ("in", "Asia/Kolkata"),
    ("iq", "Asia/Baghdad"),
    ("ir", "Asia/Tehran"),
    ("is", "Atlantic/Reykjavik"),
    ("it", "Europe/Rome"),
    ("jo", "Asia/Amman"),
    ("jp", "Asia/Tokyo"),
    ("ke", "Africa/Nairobi"),
    ("kr", "Asia/Seoul"),
    ("kw", "Asia/Kuwait"),
    ("kz", "Asia/Almaty"),
    ("lb", "Asia/Beirut"),
    ("li", "Europe/Vaduz"),
    ("lk", "Asia/Colombo"),
    ("lt", "Europe/Vilnius"),
    ("lu", "Europe/Luxembourg"),
    ("lv", "Europe/Riga"),
    ("ma", "Africa/Casablanca"),
    ("md", "Europe/Chisinau"),
    ("mk", "Europe/Skopje"),
    ("mt", "Europe/Malta"),
    ("mx", "America/Mexico_City"),
    ("my", "Asia/Kuala_Lumpur"),
    ("ng", "Africa/Lagos"),
    ("nl", "Europe/Amsterdam"),
    ("no", "Europe/Oslo"),
    ("np", "Asia/Kathmandu"),
    ("nz", "Pacific/Auckland"),
    ("pa", "America/Panama"),
    ("pe", "America/Lima"),
    ("ph", "Asia/Manila"),
    ("pk", "Asia/Karachi"),
    ("pl", "Europe/Warsaw"),
    ("pt", "Europe/Lisbon"),
    ("py", "America/Asuncion"),
    ("qa", "Asia/Qatar"),
    ("ro", "Europe/Bucharest"),
    ("rs", "Europe/Belgrade"),
    ("ru", "Europe/Moscow"),
    ("sa", "Asia/Riyadh"),
    ("se", "Europe/Stockholm"),
    ("sg", "Asia/Singapore"),
    ("si", "Europe/Ljubljana"),
    ("sk", "Europe/Bratislava"),
    ("sv", "America/El_Salvador"),
    ("th", "Asia/Bangkok"),
    ("tn", "Africa/Tunis"),
    ("tr", "Europe/Istanbul"),
    ("tw", "Asia/Taipei"),
    ("tz", "Africa/Dar_es_Salaam"),
    ("ua", "Europe/Kyiv"),
    ("ug", "Africa/Kampala"),
    ("uk", "Europe/London"),
    ("us", "America/New_York"),
    ("uy", "America/Montevideo"),
    ("uz", "Asia/Tashkent"),
    ("ve", "America/Caracas"),
    ("vn", "Asia/Ho_Chi_Minh"),
    ("za", "Africa/Johannesburg"),
    ("zw", "Africa/Harare"),
];

/// The zone of a page at `host` whose language is tagged `tag` (`es-MX`, `pt_BR`).
pub(super) fn guess(host: &str, tag: Option<&str>) -> Option<&'static str> {
    let country = country(host, tag)?;
    ZONES.iter().find(|(code, _)| *code == country).map(|(_, zone)| *zone)
}

/// The code of the page's country.
fn country(host: &str, tag: Option<&str>) -> Option<&'static str> {
    let known = |country: &str| {
        let country = country.to_ascii_lowercase();
        ZONES.binary_search_by(|(code, _)| (*code).cmp(country.as_str())).ok().map(|at| ZONES[at].0)
    };
    let tld = host.rsplit('.').next().unwrap_or_default();
    let region = || tag?.split(['-', '_']).skip(1).find(|part| part.len() == 2);
    known(tld).or_else(|| known(region()?))
}

/// Countries of several zones, and their others from east to west.
const OTHERS: &[(&str, &[&str])] = &[
    ("au", &["Australia/Perth"]),
    ("br", &["America/Manaus"]),
    ("ca", &["America/Halifax", "America/Winnipeg", "America/Edmonton", "America/Vancouver"]),
    ("mx", &["America/Hermosillo", "America/Tijuana"]),
    ("ru", &["Asia/Vladivostok", "Asia/Novosibirsk", "Asia/Yekaterinburg", "Europe/Kaliningrad"]),
    ("us", AMERICAN),
];

const AMERICAN: &[&str] = &["America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"];

/// Other zones that a page may go by; those of the United States where its host tells no country.
pub(super) fn others(host: &str) -> &'static [&'static str] {
    match country(host, None) {
        Some(country) => OTHERS.iter().find(|(code, _)| *code == country).map_or(&[], |(_, zones)| *zones),
        None => AMERICAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_in_order_and_their_zones_known() {
        assert!(ZONES.is_sorted_by(|a, b| a.0 < b.0));
        for (code, zone) in ZONES {
            assert!(jiff::tz::TimeZoneDatabase::bundled().get(zone).is_ok(), "{code}: {zone}");
        }
    }

    #[test]
    fn the_host_comes_before_the_language() {
        assert_eq!(guess("www.orf.at", Some("de-DE")), Some("Europe/Vienna"));
        assert_eq!(guess("example.com", Some("en_US")), Some("America/New_York"));
        assert_eq!(guess("example.com", Some("zh-Hant-TW")), Some("Asia/Taipei"));
        assert_eq!(guess("example.org", Some("fr")), None);
    }

    #[test]
    fn countries_of_several_zones_have_others() {
        assert_eq!(others("example.com.au"), ["Australia/Perth"]);
        assert!(others("example.at").is_empty());
        assert_eq!(others("example.com").len(), 4);
        let known = |name: &&str| jiff::tz::TimeZoneDatabase::bundled().get(name).is_ok();
        assert!(
            OTHERS.iter().all(|(code, zones)| guess(&format!("a.{code}"), None).is_some() && zones.iter().all(known))
        );
    }
}
