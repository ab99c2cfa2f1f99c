//! Placing, told as short stories: each test is one thing that readers would notice.

use courant_model::{ArticleId, CanonicalUrl, Evidence, Language, OutletId, Placement, StoryFeatures, StoryId, Term};
use courant_story::{Placer, Settings};
use jiff::{SignedDuration, Timestamp};

/// An article whose title is `words`, `hours` after the day began.
fn article(name: &str, language: &str, hours: i64, words: &str) -> StoryFeatures {
    let url = CanonicalUrl::parse(&format!("https://{name}.example/news/a")).expect("a web address");
    let start: Timestamp = "2021-07-18T16:00:00Z".parse().expect("a time");
    StoryFeatures {
        article: ArticleId::of(&url),
        outlet: OutletId::new(name),
        language: Language::parse(language),
        moment: start + SignedDuration::from_hours(hours),
        terms: words
            .split_whitespace()
            .map(|word| Term { text: word.to_owned(), title: 1, body: 1, name: false })
            .collect(),
        urls: vec![url.key().to_owned()],
        translations: Vec::new(),
        links: Vec::new(),
    }
}

fn address(name: &str) -> String {
    format!("{name}.example/news/a")
}

fn placed(placer: &Placer, article: &StoryFeatures) -> StoryId {
    placer.story_of(article.article).expect("placed")
}

fn place_all<'a>(placer: &mut Placer, articles: impl IntoIterator<Item = &'a StoryFeatures>) -> Vec<Placement> {
    articles.into_iter().flat_map(|article| placer.place(article)).collect()
}

const REVELATION: &str = "pegasus spyware journalists phones list numbers nso leak";
const RETELLING: &str = "leak pegasus spyware list phones journalists activists nso";
const ELECTION: &str = "election president votes turnout province count ballots";

#[test]
fn two_reports_of_one_event_share_a_story_and_a_third_event_does_not() {
    let mut placer = Placer::new(Settings::default());
    let (a, b, c) =
        (article("one", "en", 0, REVELATION), article("two", "en", 3, RETELLING), article("three", "en", 4, ELECTION));
    let placements = place_all(&mut placer, [&a, &b, &c]);
    assert_eq!(placed(&placer, &a), placed(&placer, &b));
    assert_ne!(placed(&placer, &a), placed(&placer, &c));
    assert_eq!(placed(&placer, &a), StoryId::founded_by(a.article, 0));
    let Placement::Joined { evidence, .. } = &placements[1] else { panic!("{placements:?}") };
    let Evidence::Words { shared, .. } = &evidence[0] else { panic!("{evidence:?}") };
    assert!(shared.iter().any(|word| word == "pegasus"), "{shared:?}");
}

#[test]
fn the_same_words_months_later_are_another_story() {
    let mut placer = Placer::new(Settings::default());
    let (now, later) = (article("one", "en", 0, REVELATION), article("two", "en", 24 * 90, REVELATION));
    place_all(&mut placer, [&now, &later]);
    assert_ne!(placed(&placer, &now), placed(&placer, &later));
}

#[test]
fn a_back_file_lands_in_the_story_of_its_own_time() {
    let mut placer = Placer::new(Settings::default());
    let (old, new) = (article("one", "en", 0, REVELATION), article("two", "en", 24 * 90, REVELATION));
    let late_arrival = article("three", "en", 2, RETELLING);
    place_all(&mut placer, [&new, &old, &late_arrival]);
    assert_eq!(placed(&placer, &late_arrival), placed(&placer, &old));
}

#[test]
fn a_translation_joins_from_either_side_and_in_either_order() {
    for turned in [false, true] {
        let mut placer = Placer::new(Settings::default());
        let original = article("one", "en", 0, REVELATION);
        let mut translation = article("deux", "fr", 400, "affaire logiciel espion révélations");
        translation.translations.push(address("one"));
        match turned {
            false => place_all(&mut placer, [&original, &translation]),
            true => place_all(&mut placer, [&translation, &original]),
        };
        assert_eq!(placed(&placer, &original), placed(&placer, &translation), "turned: {turned}");
    }
}

#[test]
fn stories_in_two_languages_become_one_when_a_page_names_its_translation() {
    let mut placer = Placer::new(Settings::default());
    let (en, en2) = (article("one", "en", 0, REVELATION), article("two", "en", 1, RETELLING));
    let fr = article("un", "fr", 0, "affaire logiciel espion révélations téléphones journalistes");
    let mut fr2 = article("deux", "fr", 2, "révélations logiciel espion téléphones journalistes affaire");
    fr2.translations.push(address("two"));
    let placements = place_all(&mut placer, [&en, &en2, &fr, &fr2]);
    assert_eq!(placed(&placer, &fr), placed(&placer, &en));
    let merged = placements.iter().filter(|p| matches!(p, Placement::Merged { .. })).count();
    assert_eq!(merged, 1, "{placements:?}");
    // The elder id goes on.
    assert_eq!(placed(&placer, &fr2), StoryId::founded_by(en.article, 0));
}

#[test]
fn a_source_in_common_joins_across_languages_but_not_a_front_page() {
    for (link, together) in [("lab.example/research/report-1", true), ("lab.example/", false)] {
        let mut placer = Placer::new(Settings::default());
        let mut en = article("one", "en", 0, REVELATION);
        let mut hu = article("egy", "hu", 10, "kémprogram újságírók telefonok lista");
        en.links.push(link.to_owned());
        hu.links.push(link.to_owned());
        place_all(&mut placer, [&en, &hu]);
        assert_eq!(placed(&placer, &en) == placed(&placer, &hu), together, "{link}");
    }
}

#[test]
fn citing_an_old_affair_is_not_belonging_to_it() {
    let mut placer = Placer::new(Settings::default());
    let old = article("one", "en", 0, REVELATION);
    let mut new = article("deux", "fr", 24 * 30, "enquête parquet ouverture président");
    new.links.push(address("one"));
    place_all(&mut placer, [&old, &new]);
    assert_ne!(placed(&placer, &old), placed(&placer, &new));
}

#[test]
fn words_veto_links_into_another_event_of_the_same_language() {
    // The French strand of the story is about the revelation; a French piece about something else
    // that shares a source with the English one must stay out.
    let mut placer = Placer::new(Settings::default());
    let mut en = article("one", "en", 0, REVELATION);
    en.links.push("lab.example/research/report-1".to_owned());
    let mut fr = article("un", "fr", 1, "affaire logiciel espion révélations téléphones journalistes");
    fr.translations.push(address("one"));
    let mut other = article("deux", "fr", 20, "amazon ferme serveurs hébergement nuage comptes");
    other.links.push("lab.example/research/report-1".to_owned());
    place_all(&mut placer, [&en, &fr, &other]);
    assert_eq!(placed(&placer, &en), placed(&placer, &fr));
    assert_ne!(placed(&placer, &en), placed(&placer, &other));
}

#[test]
fn a_link_makes_a_follow_up_of_words_that_are_near_but_not_near_enough() {
    let follow_up = "pegasus list phones ministers parliament debate opposition answers session vote";
    for (linked, together) in [(true, true), (false, false)] {
        let mut placer = Placer::new(Settings::default());
        let first = article("one", "en", 0, REVELATION);
        let mut second = article("two", "en", 20, follow_up);
        if linked {
            second.links.push(address("one"));
        }
        place_all(&mut placer, [&first, &article("else", "en", 1, ELECTION), &second]);
        let apart = placer.story_of(second.article) != placer.story_of(first.article);
        assert_eq!(!apart, together, "linked: {linked}");
    }
    // Links alone join nothing.
    let mut placer = Placer::new(Settings::default());
    let first = article("one", "en", 0, REVELATION);
    let mut other = article("two", "en", 20, ELECTION);
    other.links.push(address("one"));
    place_all(&mut placer, [&first, &other]);
    assert_ne!(placed(&placer, &first), placed(&placer, &other));
}

#[test]
fn an_edit_that_adds_a_translation_joins_two_stories() {
    let mut placer = Placer::new(Settings::default());
    let en = article("one", "en", 0, REVELATION);
    let mut fr = article("un", "fr", 1, "affaire logiciel espion révélations");
    place_all(&mut placer, [&en, &fr]);
    assert_ne!(placed(&placer, &en), placed(&placer, &fr));
    fr.translations.push(address("one"));
    let placements = placer.revise(&fr);
    assert!(matches!(placements[..], [Placement::Merged { .. }]), "{placements:?}");
    assert_eq!(placed(&placer, &en), placed(&placer, &fr));
}

#[test]
fn articles_without_words_do_not_gather() {
    let mut placer = Placer::new(Settings::default());
    let (a, b) = (article("one", "en", 0, ""), article("two", "en", 0, ""));
    place_all(&mut placer, [&a, &b]);
    assert_ne!(placed(&placer, &a), placed(&placer, &b));
}

/// Thirty articles of five events in two languages, some linked, in a fixed odd order.
fn stream() -> Vec<StoryFeatures> {
    let events =
        [REVELATION, ELECTION, "flood river dam village rescue rain", "bank fraud court trial verdict", "storm"];
    let mut articles: Vec<StoryFeatures> = (0..30)
        .map(|n| {
            let language = if n % 3 == 0 { "fr" } else { "en" };
            let mut a = article(&format!("outlet-{n}"), language, (n as i64 * 7) % 30, events[n % 5]);
            if n % 6 == 0 {
                a.translations.push(address(&format!("outlet-{}", n + 5)));
            }
            a
        })
        .collect();
    articles.rotate_left(11);
    articles
}

#[test]
fn the_same_log_gives_the_same_stories() {
    let run = || place_all(&mut Placer::new(Settings::default()), &stream());
    assert_eq!(run(), run());
}

#[test]
fn a_placer_woken_from_a_snapshot_goes_on_as_if_it_had_never_slept() {
    let stream = stream();
    let mut unbroken = Placer::new(Settings::default());
    let whole = place_all(&mut unbroken, &stream);
    for cut in [0, 1, 13, 29] {
        let mut first = Placer::new(Settings::default());
        let mut told = place_all(&mut first, &stream[..cut]);
        let mut second = Placer::restore(&first.snapshot(), Settings::default()).expect("its own snapshot");
        told.extend(place_all(&mut second, &stream[cut..]));
        assert_eq!(told, whole, "cut at {cut}");
    }
}

#[test]
fn applying_the_log_gives_the_memory_that_deciding_gave() {
    let stream = stream();
    let mut decided = Placer::new(Settings::default());
    let mut applied = Placer::new(Settings::default());
    for article in &stream {
        for placement in decided.place(article) {
            applied.apply(&placement, Some(article));
            applied.apply(&placement, Some(article));
        }
    }
    for article in &stream {
        assert_eq!(applied.story_of(article.article), decided.story_of(article.article));
    }
    assert_eq!(applied.stories(), decided.stories());
}

#[test]
fn bytes_that_are_no_snapshot_are_refused() {
    assert!(Placer::restore(b"", Settings::default()).is_err());
    assert!(Placer::restore(b"courant placer 1\nrubbish", Settings::default()).is_err());
    let whole = Placer::new(Settings::default()).snapshot();
    assert!(Placer::restore(&whole[..whole.len() - 1], Settings::default()).is_err());
}

#[test]
fn memory_of_single_articles_is_bounded() {
    let mut placer = Placer::new(Settings { singles: 10, ..Settings::default() });
    for n in 0..50 {
        placer.place(&article(&format!("outlet-{n}"), "en", 0, &format!("unique{n} words{n} alone{n}")));
    }
    assert_eq!(placer.stories(), 10);
    // Pairs are kept.
    let pair = [article("x", "en", 0, REVELATION), article("y", "en", 0, RETELLING)];
    place_all(&mut placer, &pair);
    for n in 50..100 {
        placer.place(&article(&format!("outlet-{n}"), "en", 0, &format!("unique{n} words{n} alone{n}")));
    }
    assert!(placer.story_of(pair[0].article).is_some());
}
