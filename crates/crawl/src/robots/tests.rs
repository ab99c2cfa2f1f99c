use super::*;

fn check(robots: &str, agent: &str, url: &str, expected: bool) {
    let said = Robots::parse(robots.as_bytes()).allowed(agent, url);
    assert_eq!(said, expected, "{robots:?} for {agent} at {url}");
}

#[test]
fn the_longest_rule_decides_and_allow_wins_ties() {
    let robots = "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /tie\nAllow: /tie\n";
    check(robots, "courant", "https://example.org/a/x", false);
    check(robots, "courant", "https://example.org/a/b/c", true);
    check(robots, "courant", "https://example.org/tie", true);
    check(robots, "courant", "https://example.org/other", true);
    check("User-agent: *\nDisallow:\n", "courant", "/x", true);
    check("User-agent: *\nDisallow: /\n", "courant", "/robots.txt", false);
}

#[test]
fn groups_of_one_agent_are_one_and_the_star_is_for_the_others() {
    let robots = "user-agent: Courant/1.0\ndisallow: /a\n\nuser-agent: other\nuser-agent: COURANT\ndisallow: /b\n\
                  user-agent: *\ndisallow: /\n";
    check(robots, "courant", "/a", false);
    check(robots, "courant", "/b", false);
    check(robots, "courant", "/c", true);
    check(robots, "other", "/a", true);
    check(robots, "other", "/b", false);
    check(robots, "third", "/c", false);
    check("disallow: /\nuser-agent: *\nallow: /x\n", "courant", "/y", true);
}

#[test]
fn stars_and_ends_match() {
    let rule = |pattern: &str| format!("User-agent: *\nDisallow: {pattern}\n");
    check(&rule("/*.pdf$"), "a", "/x/y.pdf", false);
    check(&rule("/*.pdf$"), "a", "/x/y.pdf?z", true);
    check(&rule("/a*b*c"), "a", "/a-c-b-c", false);
    check(&rule("/a*b*c"), "a", "/a-c-b", true);
    check(&rule("/fish$"), "a", "/fish", false);
    check(&rule("/fish$"), "a", "/fishes", true);
    check(&rule("/aba*aba$"), "a", "/aba", true);
    check(&rule("/a$b"), "a", "/a$b", false);
    check(&rule("*"), "a", "/", false);
}

#[test]
fn spellings_of_one_path_are_one() {
    let rule = |pattern: &str| format!("User-agent: *\nDisallow: {pattern}\n");
    check(&rule("/foo/bar/%62%61%7A"), "a", "http://foo.bar/foo/bar/baz", false);
    check(&rule("/baz"), "a", "/%62az", false);
    check(&rule("/ツ"), "a", "/%E3%83%84", false);
    check(&rule("/%e3%83%84"), "a", "/ツ", false);
    check(&rule("/a%2fb"), "a", "/a/b", true);
    check(&rule("/%2A"), "a", "/*", false);
    check(&rule("/%2A"), "a", "/x", true);
}

#[test]
fn sloppy_files_are_read_as_meant() {
    check("\u{feff}user-agent: *\ndisallow: /x", "a", "/x", false);
    check("User Agent: *\r\rDisalow /x # not this\r", "a", "/x", false);
    check("User-agent: * all of you\nDisallow: /x\n", "a", "/x", false);
    check("User-agent: a\nAllow: /x/index.html\nDisallow: /x/\n", "a", "/x/", true);
    check("<html>not found</html>", "a", "/x", true);
    let utf16: Vec<u8> = "\u{feff}user-agent: *\ndisallow: /x".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(!Robots::parse(&utf16).allowed("a", "/x"));
}

#[test]
fn delays_belong_to_the_agents_before_them() {
    let robots =
        Robots::parse(b"User-agent: slow\nCrawl-delay: 100\n\nUser-agent: *\nCrawl-delay: 0.5\nDisallow: /x\n");
    assert_eq!(robots.crawl_delay("slow"), Some(SignedDuration::from_secs(100)));
    assert_eq!(robots.crawl_delay("courant"), Some(SignedDuration::from_millis(500)));
    for odd in ["abc", "-1", "٣", "NaN", "inf", ""] {
        let robots = Robots::parse(format!("User-agent: *\nCrawl-delay: {odd}\n").as_bytes());
        assert_eq!(robots.crawl_delay("courant"), None, "{odd}");
    }
    let long = Robots::parse(b"User-agent: *\nCrawl-delay: 1e300\n").crawl_delay("courant");
    assert!(long > Some(SignedDuration::from_hours(24 * 365)));
}

#[test]
fn lines_and_sitemaps_are_counted() {
    let robots =
        Robots::parse(b"User-agent: *\r\nDisallow: /\r\n\r\nSitemap: https://a.example/s.xml\r\nHost: a\r\n\r\n");
    assert_eq!(robots.sitemaps(), ["https://a.example/s.xml"]);
    assert_eq!(robots.stats(), RobotsStats { lines: 5, directives: 3, unknown: 1 });
}

#[test]
fn hostile_patterns_take_linear_time() {
    let pattern = format!("User-agent: *\nDisallow: /{}b$\n", "*a".repeat(8000));
    let url = format!("/{}", "a".repeat(200_000));
    let begun = std::time::Instant::now();
    check(&pattern, "courant", &url, true);
    assert!(begun.elapsed().as_secs() < 5, "took {:?}", begun.elapsed());
}

#[test]
fn what_lies_beyond_the_limit_is_not_read() {
    let mut file = b"User-agent: *\n".to_vec();
    file.resize(MAX_BYTES - 10, b'#');
    file.extend_from_slice(b"\nAllow: /\nDisallow: /\n");
    assert!(Robots::parse(&file).allowed("a", "/x"));
}

#[test]
fn a_status_speaks_for_the_whole_site() {
    let allowed = |status| RobotsVerdict::of(status, b"User-agent: *\nDisallow: /x").allowed("courant", "/y");
    for (status, expected) in [
        (Some(200), true),
        (Some(404), true),
        (Some(410), true),
        (Some(302), true),
        (Some(401), false),
        (Some(403), false),
        (Some(429), false),
        (Some(500), false),
        (Some(503), false),
        (None, false),
    ] {
        assert_eq!(allowed(status), expected, "{status:?}");
    }
}

#[test]
fn tokens_are_letters_and_dashes() {
    for (token, valid) in
        [("Foobot", true), ("Foo-bot_x", true), ("", false), ("foo bot", false), ("bot/1", false), ("ツ", false)]
    {
        assert_eq!(agent_valid(token), valid, "{token}");
    }
}

#[test]
fn what_decided_is_told_in_words() {
    let file = b"User-agent: *\nDisallow: /private\n\nAllow: /private/open\nDisallow:\n";
    let robots = Robots::parse(file);
    for (path, expected) in [
        ("/private/a", "disallowed by line 2 of robots.txt"),
        ("/private/open/a", "allowed by line 4 of robots.txt"),
        ("/a", "allowed: no rule of robots.txt speaks of it"),
    ] {
        assert_eq!(robots.told("courant", path), expected, "{path}");
        assert_eq!(robots.allowed("courant", path), expected.starts_with("allowed"), "{path}");
    }
    assert_eq!(RobotsVerdict::of(Some(404), b"").told("courant", "/a"), "allowed: there is no robots.txt");
    assert_eq!(RobotsVerdict::of(Some(503), b"").told("courant", "/a"), "robots.txt answers with status 503");
}
