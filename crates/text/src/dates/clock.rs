//! Time of day and zone: found in the tokens of a date, and taken out of them.

use courant_model::Language;
use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZoneDatabase};

use super::tokens::{Kind, Tokens};
use crate::lexicon;

/// A time of day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    /// As printed, on a clock of 24 hours.
    pub(super) time: Time,
    /// Whether seconds were printed.
    pub(super) seconds: bool,
    /// Whose clock.
    pub(super) zone: Option<Zone>,
}

/// A zone as printed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Zone {
    /// `+02:00`, `EDT`.
    Offset(Offset),
    /// `ET`: what it is on the day.
    Named(&'static str),
}

impl Zone {
    /// The offset on that day, at that time.
    pub(super) fn offset(self, date: Date, time: Time) -> Option<Offset> {
        match self {
            Self::Offset(offset) => Some(offset),
            Self::Named(name) => {
                let zone = TimeZoneDatabase::bundled().get(name).ok()?;
                zone.to_ambiguous_timestamp(date.to_datetime(time)).compatible().ok().map(|at| zone.to_offset(at))
            }
        }
    }
}

/// Finds the first time of day, and takes it out of the tokens.
pub(super) fn take(tokens: &mut Tokens, language: Option<Language>) -> Option<Clock> {
    let (from, mut to, mut hour, minute, second, seconds) = (0..tokens.len())
        .find_map(|at| colons(tokens, at).or_else(|| signs(tokens, at)).or_else(|| bare(tokens, at, language)))?;
    let mut start = from;
    if let Some((half, length)) = half_after(tokens, to, language) {
        hour = half.hour(hour);
        to += length;
    } else if let Some((half, length)) = half_before(tokens, from, language) {
        hour = half.hour(hour);
        start -= length;
    }
    let time = Time::new(i8::try_from(hour % 24).ok()?, minute, second, 0).ok()?;
    let exact = seconds || from > 0 && tokens.word(from - 1) == Some("t");
    let zone = zone(tokens, to, exact);
    if let Some((_, length)) = zone {
        to += length;
    }
    tokens.take(start, to);
    Some(Clock { time, seconds, zone: zone.map(|(zone, _)| zone) })
}

/// `18.42`, which only after a day can be a time: looked for from `from` on.
pub(super) fn take_dotted(tokens: &Tokens, from: usize) -> Option<Clock> {
    (from..tokens.len().min(from + 6)).find_map(|at| {
        let (hour, _) = tokens.number(at).filter(|(hour, digits)| *hour < 24 && *digits <= 2)?;
        let (minute, _) = tokens.number(at + 2).filter(|(minute, digits)| *minute < 60 && *digits == 2)?;
        let dotted = tokens.is_mark(at + 1, '.') && !tokens.spaced(at + 1) && !tokens.spaced(at + 2);
        let time = Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0).ok()?;
        let zone = zone(tokens, at + 3, false).map(|(zone, _)| zone);
        dotted.then_some(Clock { time, seconds: false, zone })
    })
}

/// From, to, hour, minute, second, whether seconds were said.
type Found = (usize, usize, u32, i8, i8, bool);

fn sixty(tokens: &Tokens, at: usize) -> Option<i8> {
    tokens
        .number(at)
        .filter(|(value, digits)| *value < 60 && *digits <= 2)
        .and_then(|(value, _)| i8::try_from(value).ok())
}

/// `18:42`, `18:42:05.123`, `18h42`, `18h`.
fn colons(tokens: &Tokens, at: usize) -> Option<Found> {
    let (hour, _) = tokens.number(at).filter(|(hour, digits)| *hour <= 24 && *digits <= 2)?;
    if tokens.word(at + 1) == Some("h") && !tokens.spaced(at + 1) {
        return Some(match sixty(tokens, at + 2) {
            Some(minute) if !tokens.spaced(at + 2) => (at, at + 3, hour, minute, 0, false),
            _ => (at, at + 2, hour, 0, 0, false),
        });
    }
    if !tokens.is_mark(at + 1, ':') {
        return None;
    }
    let minute = sixty(tokens, at + 2)?;
    if !tokens.is_mark(at + 3, ':') {
        return Some((at, at + 3, hour, minute, 0, false));
    }
    let Some(second) = sixty(tokens, at + 4) else {
        return Some((at, at + 3, hour, minute, 0, false));
    };
    let fraction = (tokens.is_mark(at + 5, '.') || tokens.is_mark(at + 5, ','))
        && !tokens.spaced(at + 6)
        && tokens.number(at + 6).is_some();
    Some((at, if fraction { at + 7 } else { at + 5 }, hour, minute, second, true))
}

/// `18時42分`, `18시 42분`, `18点`.
fn signs(tokens: &Tokens, at: usize) -> Option<Found> {
    let (hour, _) = tokens.number(at).filter(|(hour, _)| *hour <= 24)?;
    if !matches!(tokens.word(at + 1)?, "時" | "时" | "點" | "点" | "시") {
        return None;
    }
    let minute = sixty(tokens, at + 2).filter(|_| matches!(tokens.word(at + 3), Some("分" | "분")));
    let Some(minute) = minute else {
        return Some((at, at + 2, hour, 0, 0, false));
    };
    match sixty(tokens, at + 4).filter(|_| matches!(tokens.word(at + 5), Some("秒" | "초"))) {
        Some(second) => Some((at, at + 6, hour, minute, second, true)),
        None => Some((at, at + 4, hour, minute, 0, false)),
    }
}

/// `6 pm`, `6.42 pm`, `18.42 Uhr`, `noon`.
fn bare(tokens: &Tokens, at: usize, language: Option<Language>) -> Option<Found> {
    if matches!(tokens.word(at), Some("noon" | "midday" | "正午")) {
        return Some((at, at + 1, 12, 0, 0, false));
    }
    let (hour, _) = tokens.number(at).filter(|(hour, digits)| *hour <= 24 && *digits <= 2)?;
    let dotted = sixty(tokens, at + 2).filter(|_| tokens.is_mark(at + 1, '.') && !tokens.spaced(at + 2));
    let (end, minute) = dotted.map_or((at + 1, 0), |minute| (at + 3, minute));
    let oclock = matches!(tokens.word(end), Some("uhr" | "uur"));
    let half = hour <= 12 && half_after(tokens, end, language).is_some();
    (half || oclock).then_some((at, end, hour, minute, 0, false))
}

/// Half of the day.
#[derive(Clone, Copy)]
enum Half {
    Morning,
    Afternoon,
}

impl Half {
    fn hour(self, hour: u32) -> u32 {
        match self {
            Self::Morning if hour == 12 => 0,
            Self::Afternoon if hour < 12 => hour + 12,
            _ => hour,
        }
    }
}

/// The half of the day named at `at`, and how many tokens name it.
fn half_after(tokens: &Tokens, at: usize, language: Option<Language>) -> Option<(Half, usize)> {
    (1..=3).rev().find_map(|length| {
        let words: Option<Vec<&str>> = (at..at + length).map(|index| tokens.word(index)).collect();
        half_named(&words?.concat(), language).map(|half| (half, length))
    })
}

/// The half of the day named just before `at`.
fn half_before(tokens: &Tokens, at: usize, language: Option<Language>) -> Option<(Half, usize)> {
    (1..=3).rev().filter(|length| *length <= at).find_map(|length| {
        let words: Option<Vec<&str>> = (at - length..at).map(|index| tokens.word(index)).collect();
        half_named(&words?.concat(), language).map(|half| (half, length))
    })
}

fn half_named(word: &str, language: Option<Language>) -> Option<Half> {
    match word {
        "am" => return Some(Half::Morning),
        "pm" => return Some(Half::Afternoon),
        _ => {}
    }
    let lexicon = lexicon::of(language?)?;
    let among =
        |list: &[String]| list.iter().any(|entry| entry.chars().filter(|c| !matches!(c, '.' | ' ')).eq(word.chars()));
    if among(&lexicon.afternoon) {
        Some(Half::Afternoon)
    } else if among(&lexicon.morning) {
        Some(Half::Morning)
    } else {
        None
    }
}

/// The zone that begins at `at`, and how many tokens it takes. `exact`: the time was written as a
/// machine writes it, so that a hyphen is a sign and no dash.
fn zone(tokens: &Tokens, at: usize, exact: bool) -> Option<(Zone, usize)> {
    let open = usize::from(tokens.is_mark(at, '('));
    // A word that says "o'clock" may stand between.
    let skip = open + usize::from(matches!(tokens.word(at + open), Some("uhr" | "uur" | "h" | "hrs")));
    let at = at + skip;
    if let Some((offset, length)) = signed(tokens, at, exact) {
        return Some((Zone::Offset(offset), skip + length));
    }
    let name = tokens.word(at)?;
    if matches!(name, "gmt" | "utc" | "z") {
        return match signed(tokens, at + 1, true) {
            Some((offset, length)) => Some((Zone::Offset(offset), skip + 1 + length)),
            None => Some((Zone::Offset(Offset::UTC), skip + 1)),
        };
    }
    if let Some((_, zone)) = NAMED.iter().find(|(zone, _)| *zone == name) {
        return Some((Zone::Named(zone), skip + 1));
    }
    let (_, minutes) = FIXED.iter().find(|(zone, _)| *zone == name)?;
    Some((Zone::Offset(Offset::from_seconds(minutes * 60).ok()?), skip + 1))
}

/// `+02:00`, `+0200`, `-5`.
fn signed(tokens: &Tokens, at: usize, exact: bool) -> Option<(Offset, usize)> {
    let sign = match tokens.kind(at) {
        Kind::Mark('+') => 1,
        Kind::Mark('-') => -1,
        _ => return None,
    };
    let (value, digits) = tokens.number(at + 1).filter(|_| !tokens.spaced(at + 1))?;
    let (minutes, length) = match digits {
        4 => (value / 100 * 60 + value % 100, 2),
        _ if tokens.is_mark(at + 2, ':') && (exact || sign > 0) => (value * 60 + tokens.number(at + 3)?.0, 4),
        1 | 2 if exact => (value * 60, 2),
        _ => return None,
    };
    let seconds = i32::try_from(minutes).ok().filter(|minutes| *minutes <= 15 * 60)? * 60 * sign;
    Some((Offset::from_seconds(seconds).ok()?, length))
}

/// Names that mean another offset in summer than in winter.
const NAMED: &[(&str, &str)] =
    &[("et", "America/New_York"), ("ct", "America/Chicago"), ("mt", "America/Denver"), ("pt", "America/Los_Angeles")];

/// Names of one offset each, in minutes. Where one name serves several zones (IST, CST, BST), the
/// one that news sites print most.
const FIXED: &[(&str, i32)] = &[
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("akst", -540),
    ("akdt", -480),
    ("hst", -600),
    ("ast", -240),
    ("adt", -180),
    ("nst", -210),
    ("brt", -180),
    ("art", -180),
    ("clt", -240),
    ("cot", -300),
    ("pet", -300),
    ("wet", 0),
    ("west", 60),
    ("bst", 60),
    ("cet", 60),
    ("cest", 120),
    ("mez", 60),
    ("mesz", 120),
    ("met", 60),
    ("mest", 120),
    ("wat", 60),
    ("cat", 120),
    ("sast", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("мск", 180),
    ("trt", 180),
    ("eat", 180),
    ("ksa", 180),
    ("irst", 210),
    ("gst", 240),
    ("pkt", 300),
    ("ist", 330),
    ("npt", 345),
    ("bdt", 360),
    ("ict", 420),
    ("wib", 420),
    ("wita", 480),
    ("wit", 540),
    ("hkt", 480),
    ("sgt", 480),
    ("myt", 480),
    ("pht", 480),
    ("awst", 480),
    ("jst", 540),
    ("kst", 540),
    ("acst", 570),
    ("aest", 600),
    ("acdt", 630),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
];
