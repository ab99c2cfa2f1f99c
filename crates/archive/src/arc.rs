//! Heads of records in ARC files, the form before WARC: one line of address, IP address, date, media
//! type and length, with more between the last two in version 2.

/// Whether `line` is the first one of an ARC file.
pub(crate) fn is_beginning(line: &[u8]) -> bool {
    line.starts_with(BEGINNING) && head(line).is_some()
}

const BEGINNING: &[u8] = b"filedesc://";

/// The line that begins a record, as the fields that WARC has for it; `None` for a line that begins
/// none.
///
/// Addresses hold spaces at times, and media types as well: a date after an IP address is what tells
/// the parts from each other.
pub(crate) fn head(line: &[u8]) -> Option<Vec<(String, String)>> {
    let text = std::str::from_utf8(line).ok()?;
    let words: Vec<&str> = text.split(' ').collect();
    let (length, words) = words.split_last()?;
    length.parse::<u64>().ok()?;
    let date = (2..words.len()).find(|at| is_date(words[*at]) && is_address(words[*at - 1]))?;
    let mut fields = vec![
        ("warc-date", words[date].to_owned()),
        ("warc-ip-address", words[date - 1].to_owned()),
        ("content-type", words.get(date + 1).copied().unwrap_or_default().to_owned()),
        ("content-length", (*length).to_owned()),
    ];
    if line.starts_with(BEGINNING) {
        fields.push(("warc-type", "warcinfo".to_owned()));
    } else {
        fields.push(("warc-type", "resource".to_owned()));
        fields.push(("warc-target-uri", words[..date - 1].join("%20")));
    }
    Some(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn is_date(word: &str) -> bool {
    (12..=14).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_address(word: &str) -> bool {
    word.contains(['.', ':']) && word.bytes().all(|byte| byte.is_ascii_hexdigit() || b".:".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Option<[&str; 4]>) {
        let told = head(line.as_bytes());
        let field = |name: &str| {
            let fields = told.iter().flatten();
            fields.filter(|(field, _)| field == name).map(|(_, value)| value.as_str()).collect::<String>()
        };
        let is = ["warc-type", "warc-target-uri", "content-type", "content-length"].map(field);
        assert_eq!(told.as_ref().map(|_| is.each_ref().map(String::as_str)), expected, "{line}");
    }

    #[test]
    fn heads_of_both_versions_are_read() {
        check("filedesc://a.arc.gz 0.0.0.0 20140216050221 text/plain 75", Some(["warcinfo", "", "text/plain", "75"]));
        check(
            "http://a.example/b c?d=e f 192.0.2.1 20140216050221 text/html 1591",
            Some(["resource", "http://a.example/b%20c?d=e%20f", "text/html", "1591"]),
        );
        check(
            "http://a.example/ 2001:db8::1 20140216050221 text/html 200 - - 77 a.arc.gz 5",
            Some(["resource", "http://a.example/", "text/html", "5"]),
        );
        check("http://a.example/ 192.0.2.1 20140216050221 5", Some(["resource", "http://a.example/", "", "5"]));
        for none in [
            "",
            "<p>a line of a page</p>",
            "http://a.example/ 192.0.2.1 20140216050221 text/html many",
            "http://a.example/ 192.0.2.1 yesterday text/html 5",
            "192.0.2.1 20140216050221 text/html 5",
            "7",
        ] {
            check(none, None);
        }
        assert_eq!(head(b"http://a.example/\xff 192.0.2.1 20140216050221 text/html 5"), None);
    }
}
