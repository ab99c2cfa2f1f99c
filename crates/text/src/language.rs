//! The language of a text: its script first, for that rules most languages out; then a first look by whatlang,
//! which settles it where it finds what is known before the text is read (the page's own word, the outlet's
//! languages, the feed's); else a table of grams (`data/languages/grams.bin`), joined with that. "Unknown" (`und`) is an answer.

mod grams;
mod priors;
mod table;
mod writing;

use courant_model::Language;

use crate::Hints;
use crate::script::Script;
use priors::{Priors, has_kin, kin, worth};
use table::Ranking;

/// How much of a text is looked at, in bytes: the table settles long before, and cost grows with it.
const LOOKED_AT: usize = 4 * 1024;

/// So much of it is looked at first, then more where that leaves a doubt, and the rest only then.
const AT_FIRST: [usize; 2] = [256, 1024];

/// A doubt is left where the second is no farther behind, in nats, or where what is known of the text
/// speaks of another language.
const CLEAR: f32 = 60.0;

/// Less sure than this is not known at all.
const GUESS: f32 = 0.3;

/// A word alone may be a name, and names are the same in every language.
const GUESS_OF_A_WORD: f32 = 0.75;

/// Where this much of a text is in the language that is known of it, the rest are quotations.
const SHARE: f32 = 0.2;

/// Returns the language of `text` and how sure that is, 0 to 1. `page_language` is what the page
/// says of itself (`html lang`, `og:locale`, JSON-LD `inLanguage`).
pub fn language(text: &str, hints: &Hints, page_language: Option<Language>) -> (Language, f32) {
    let text = beginning(text, LOOKED_AT);
    let script = writing::main_script(text);
    let priors = Priors::new(hints, page_language);
    if let Some(only) = writing::by_script(text, script) {
        // A script of one language, but for those that a prior names.
        let named = script.filter(|script| !writing::is_east_asian(*script)).and_then(|script| priors.best_in(script));
        return (named.unwrap_or(only), 0.99);
    }
    let Some(script) = script else {
        return (Language::UND, 0.0);
    };
    let prior = priors.best_in(script);
    if let Some((language, sure)) = prior.and_then(|prior| Some((prior, first_look(text, prior)?))) {
        return (language, sure);
    }
    let ranking = rank(text, script, &priors);
    let Some(best) = ranking.candidates.first().map(|best| best.language) else {
        return prior.map_or((Language::UND, 0.0), |language| (language, 0.4));
    };
    let sure = confidence(&ranking);
    match prior {
        _ if priors.names(best) => (best, sure.max(0.9)),
        None if sure < (if ranking.words == 1 { GUESS_OF_A_WORD } else { GUESS }) => (Language::UND, sure),
        None => (montenegrin(text, best).unwrap_or(best), sure),
        Some(prior) if !kin(prior, best) && share(text, script, prior) >= SHARE => (prior, 0.6),
        Some(prior) => against(prior, best, &ranking, sure),
    }
}

/// How sure a first look, by whatlang's trigrams, is that the text is in the language that is known of it.
/// Nothing more is asked then; whatever it finds else is left to the table, which knows more languages and is
/// right more often. Kin are left to it as well: whatlang does not know them all.
fn first_look(text: &str, known: Language) -> Option<f32> {
    if has_kin(known) {
        return None;
    }
    let look = whatlang::detect(beginning(text, AT_FIRST[0]))?;
    let finds_it = look.is_reliable() && Language::parse(look.lang().code()) == known;
    finds_it.then(|| (look.confidence() as f32).max(0.9))
}

/// How much of `text` is in `language`, passage by passage: a share of its bytes. An article that
/// quotes at length, or is about another language, holds both.
fn share(text: &str, script: Script, language: Language) -> f32 {
    /// Less than this, in bytes, is a name or a saying.
    const PASSAGE: usize = 30;
    let (mut own, mut all) = (0, 0);
    for passage in text.split(['.', '!', '?', '\n', ':', ';', '"', '“', '”', '„', '«', '»']) {
        if passage.len() < PASSAGE {
            continue;
        }
        if let Some(best) = table::rank(passage, script).candidates.first() {
            all += passage.len();
            own += if best.language == language { passage.len() } else { 0 };
        }
    }
    if all == 0 { 0.0 } else { own as f32 / all as f32 }
}

/// The language of a paragraph of a text in `language`, where it is surely another: in a script that
/// `language` is not written in, or far from it by the table and no kin of it.
pub(crate) fn surely_other(paragraph: &str, language: Language) -> Option<Language> {
    /// How much of a paragraph is looked at, in bytes.
    const SAMPLE: usize = 400;
    /// How far from `language` it must be, in nats.
    const FAR: f32 = 60.0;
    /// A first look, and how far it must be there.
    const LINE: usize = 120;
    const NEAR: f32 = 10.0;
    /// How sure a language must be that is told by its script and little else.
    const SURE: f32 = 0.8;
    let (line, sample) = (beginning(paragraph, LINE), beginning(paragraph, SAMPLE));
    // Most paragraphs say by their commonest words that they are no other's.
    if is_plainly(beginning(paragraph, 2 * LINE), language) {
        return None;
    }
    let script = writing::main_script(line)?;
    if let Some(only) = writing::by_script(sample, Some(script)) {
        let is_own = only == language || !writing::is_east_asian(script) && writing::writes(language, script);
        return (!is_own).then_some(only);
    }
    if !writing::writes(language, script) {
        let (found, sure) = self::language(sample, &Hints::default(), None);
        return (sure >= SURE && !found.is_unknown()).then_some(found);
    }
    let held = in_the_table(language);
    let far = |sample: &str, far: f32| {
        let ranking = table::rank(sample, script);
        ranking.below(held).is_some_and(|below| below >= far).then_some(ranking)
    };
    // Of the rest, most say so in a line.
    let ranking = far(line, NEAR).and_then(|_| far(sample, FAR))?;
    let best = ranking.candidates.first()?.language;
    (!kin(held, best) && worth(held, best).is_finite() && confidence(&ranking) >= 0.95).then_some(best)
}

/// Whether two words of five are words that tell nothing in `language`.
fn is_plainly(sample: &str, language: Language) -> bool {
    let Some(lexicon) = crate::lexicon::of(language) else { return false };
    let folded = crate::fold::fold(sample);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let (mut all, mut common) = (0, 0);
    for word in words {
        all += 1;
        common += usize::from(lexicon.stop_words.contains(word));
    }
    common * 5 >= all * 2
}

/// The ranking of as much of `text` as it takes.
fn rank(text: &str, script: Script, priors: &Priors) -> Ranking {
    let is_clear = |ranking: &Ranking| {
        ranking.candidates.first().is_some_and(|best| {
            let known = priors.best_in(script).is_none_or(|known| known == best.language);
            known && ranking.candidates.get(1).is_none_or(|second| second.below >= CLEAR)
        })
    };
    let shorter = AT_FIRST.into_iter().filter(|bytes| *bytes < text.len());
    let mut looks = shorter.map(|bytes| table::rank(beginning(text, bytes), script));
    looks.find(is_clear).unwrap_or_else(|| table::rank(text, script))
}

/// The verdict where what is known before speaks of another language than the text.
fn against(prior: Language, best: Language, ranking: &Ranking, sure: f32) -> (Language, f32) {
    let held = in_the_table(prior);
    match ranking.below(held) {
        // Of a language that the table does not hold, the text says nothing.
        None => (prior, 0.8),
        Some(below) if below < worth(prior, best) => (prior, if kin(prior, best) { 0.8 } else { 0.6 }),
        Some(_) => (best, sure),
    }
}

/// How often the best is right at its distance from the second, in nats. Grams overlap, so a nat here
/// is worth a tenth of one. Fitted on 80,000 texts of two words to two sentences in 70 languages
/// (message catalogues of Django and Wagtail); what it says there is right within six in a hundred throughout.
fn confidence(ranking: &Ranking) -> f32 {
    let distance = ranking.candidates.get(1).map_or(f32::MAX, |second| second.below);
    1.0 - 0.75 * (-distance / 10.0).exp()
}

/// The language that stands for `language` in the table: it has no Montenegrin, which is as far from others
/// as Serbian is.
fn in_the_table(language: Language) -> Language {
    if language.as_str() == "cnr" { Language::parse("sr") } else { language }
}

/// Montenegrin, where a text of its speech has the two letters that its sisters lack, before the
/// vowels that soften them (śednica, źenica): a Pole's name in the news has them too.
fn montenegrin(text: &str, best: Language) -> Option<Language> {
    if !matches!(best.as_str(), "hr" | "bs" | "sr") {
        return None;
    }
    let own = ["śe", "śu", "źe", "Śe", "Śu"].iter().map(|letters| text.matches(letters).count()).sum::<usize>();
    (own >= 2).then(|| Language::parse("cnr"))
}

fn beginning(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, page: Option<&str>, expected: &str) {
        let (language, _) = language(text, &Hints::default(), page.map(Language::parse));
        assert_eq!(language.as_str(), expected, "{text}");
    }

    #[test]
    fn plain_texts_are_known() {
        check("Le gouvernement a annoncé mardi une série de mesures contre la fraude fiscale.", None, "fr");
        check("Правительство объявило о новых мерах против уклонения от налогов в регионах.", None, "ru");
        check("Уряд оголосив про нові заходи проти ухилення від сплати податків у регіонах країни.", None, "uk");
        check("قالت الحكومة إنها ستتخذ إجراءات جديدة ضد التهرب الضريبي", None, "ar");
        check("הממשלה הודיעה על צעדים חדשים נגד העלמות מס", None, "he");
        check("政府は脱税に対する新たな措置を発表した", None, "ja");
        check("政府宣布了打击逃税的新措施", None, "zh");
        check("정부는 탈세에 대한 새로운 조치를 발표했다", None, "ko");
        check("सरकार ने कर चोरी के खिलाफ नए उपायों की घोषणा की है और अधिकारियों ने इसकी पुष्टि की", None, "hi");
    }

    #[test]
    fn a_first_look_settles_what_is_known_and_nothing_else() {
        let look = |text: &str, known: &str| first_look(text, Language::parse(known));
        let german = "Das Ministerium teilte am Dienstag mit, dass die Konten der Firma geschlossen worden seien.";
        assert!(look(german, "de").is_some_and(|sure| sure >= 0.9));
        assert_eq!(look(german, "fr"), None, "another language is for the table to find");
        assert_eq!(look("Der Fall", "de"), None, "too little to be sure");
        let spanish = "El ministerio declaró el martes que las cuentas de la empresa habían sido cerradas.";
        assert_eq!(look(spanish, "es"), None, "it has kin");
    }

    /// Two sentences of ours in each owed language that shares its script with others.
    #[test]
    fn every_owed_language_is_told_from_its_neighbours() {
        for (code, text) in [
            ("az", "Deputatın şirkəti yarışma olmadan müqavilə aldı. Prokurorluq sənədləri yoxlayır."),
            ("be", "Журналісты знайшлі дакументы пра рахункі чыноўніка. Пракуратура пачала праверку."),
            ("bg", "Журналистите откриха документи за сметките на депутата. Прокуратурата започна проверка."),
            ("ca", "Els periodistes han trobat documents sobre els comptes del diputat. La fiscalia ho investiga."),
            ("cs", "Novináři našli dokumenty o účtech poslance. Státní zastupitelství zahájilo vyšetřování."),
            ("da", "Journalisterne fandt dokumenter om politikerens konti. Anklagemyndigheden undersøger nu sagen."),
            ("en", "Reporters found documents about the lawmaker's accounts. Prosecutors have opened an inquiry."),
            ("es", "Los periodistas hallaron documentos sobre las cuentas del diputado. La fiscalía investiga."),
            ("et", "Ajakirjanikud leidsid dokumendid saadiku kontode kohta. Prokuratuur alustas uurimist."),
            ("eu", "Kazetariek diputatuaren kontuei buruzko agiriak aurkitu dituzte. Fiskaltza ikertzen ari da."),
            ("fa", "خبرنگاران اسنادی درباره حساب‌های این نماینده پیدا کردند. دادستانی تحقیق را آغاز کرده است."),
            ("fi", "Toimittajat löysivät asiakirjoja kansanedustajan tileistä. Syyttäjä on aloittanut tutkinnan."),
            ("ga", "Tháinig na hiriseoirí ar cháipéisí faoi chuntais an Teachta. Tá fiosrúchán ar bun anois."),
            ("gl", "Os xornalistas atoparon documentos sobre as contas do deputado. A fiscalía xa o investiga."),
            (
                "hr",
                "Novinari su tijekom istrage otkrili račune zastupnika. Državno odvjetništvo provodi izvide od siječnja.",
            ),
            ("hu", "Az újságírók iratokat találtak a képviselő számláiról. Az ügyészség nyomozást indított."),
            (
                "id",
                "Wartawan menemukan dokumen tentang rekening anggota dewan karena bisa diakses. Jaksa memeriksanya.",
            ),
            ("is", "Blaðamenn fundu skjöl um reikninga þingmannsins. Saksóknari hefur hafið rannsókn á málinu."),
            ("it", "I giornalisti hanno trovato documenti sui conti del deputato. La procura ha aperto un'indagine."),
            ("kk", "Журналистер депутаттың шоттары туралы құжаттарды тапты. Прокуратура тексеру бастады."),
            ("lt", "Žurnalistai rado dokumentų apie parlamentaro sąskaitas. Prokuratūra pradėjo tyrimą."),
            ("lv", "Žurnālisti atrada dokumentus par deputāta kontiem. Prokuratūra ir sākusi izmeklēšanu."),
            ("mk", "Новинарите најдоа документи за сметките на пратеникот. Обвинителството започна истрага."),
            ("mt", "Il-ġurnalisti sabu dokumenti dwar il-kontijiet tad-deputat. Il-prosekuzzjoni qed tinvestiga."),
            ("nl", "Journalisten vonden documenten over de rekeningen van het Kamerlid. Justitie onderzoekt de zaak."),
            (
                "no",
                "Journalistene fant dokumenter om kontoene til politikeren. Påtalemyndigheten etterforsker nå saken.",
            ),
            ("pl", "Dziennikarze znaleźli dokumenty o rachunkach posła. Prokuratura wszczęła śledztwo."),
            (
                "pt",
                "Os jornalistas encontraram documentos sobre as contas do deputado. O Ministério Público investiga.",
            ),
            ("ro", "Jurnaliștii au găsit documente despre conturile deputatului. Procurorii au început o anchetă."),
            ("sk", "Novinári našli dokumenty o účtoch poslanca. Prokuratúra začala vyšetrovanie."),
            ("sl", "Novinarji so našli dokumente o poslančevih računih. Tožilstvo je začelo preiskavo."),
            ("sq", "Gazetarët gjetën dokumente për llogaritë e deputetit. Prokuroria ka nisur hetimin."),
            ("sr", "Новинари су пронашли документа о рачунима посланика. Тужилаштво је покренуло истрагу."),
            (
                "sv",
                "Journalisterna hittade handlingar om riksdagsledamotens konton. Åklagaren har inlett en utredning.",
            ),
            ("sw", "Waandishi wa habari walipata nyaraka kuhusu akaunti za mbunge huyo. Uchunguzi umeanza."),
            ("tl", "Nakita ng mga mamamahayag ang mga dokumento tungkol sa mga account ng kongresista."),
            ("tr", "Gazeteciler milletvekilinin hesaplarına ilişkin belgeler buldu. Savcılık soruşturma başlattı."),
            ("ur", "صحافیوں کو رکن اسمبلی کے کھاتوں کے بارے میں دستاویزات ملی ہیں۔ استغاثہ تحقیقات کر رہا ہے۔"),
            ("uz", "Jurnalistlar deputatning hisoblari haqida hujjatlar topdi. Prokuratura tekshiruv boshladi."),
            ("vi", "Các nhà báo đã tìm thấy tài liệu về tài khoản của nghị sĩ. Viện kiểm sát đang điều tra."),
        ] {
            check(text, None, code);
        }
    }

    #[test]
    fn a_long_text_is_surer_than_a_short_one() {
        let sure = |text: &str| language(text, &Hints::default(), None).1;
        let (two, sentence) = (sure("nova lei"), sure("A nova lei foi aprovada ontem pela maioria dos deputados."));
        assert!(two < sentence && sentence > 0.95, "{two} {sentence}");
    }

    #[test]
    fn a_heading_in_another_language_than_the_template_is_believed() {
        check("Staatsanwaltschaft ermittelt gegen früheren Minister wegen Bestechung", Some("en"), "de");
    }

    #[test]
    fn a_text_about_another_language_is_in_its_own() {
        let text = "How does one know when to use either of them in sentences? The book gave this example: \
                    „Die Staatsanwaltschaft ermittelt gegen den früheren Minister wegen Bestechung.“ But also: \
                    „Der Untersuchungsausschuss befragt die Beamtinnen und Beamten des Ministeriums.“";
        check(text, None, "de");
        check(text, Some("en"), "en");
        check(text, Some("fr"), "de");
    }

    #[test]
    fn sisters_are_left_to_what_is_known_whatever_the_length() {
        let text = "Novinari su otkrili račune poslanika, a tužilaštvo je pokrenulo istragu. ".repeat(10);
        for code in ["bs", "sr", "cnr"] {
            check(&text, Some(code), code);
        }
        check("Prosecutors have opened an inquiry into the minister's foreign accounts.", Some("cnr"), "en");
    }

    #[test]
    fn a_language_that_the_table_lacks_is_taken_from_the_page() {
        check("Kavet o deus ar gazetennerien teulioù diwar-benn kontoù ar c'hannad.", Some("br"), "br");
    }

    #[test]
    fn montenegrin_shows_by_letters_of_its_own() {
        check("Śednica je počela śutra ujutro, a predśednik je rekao da će doći.", None, "cnr");
    }

    #[test]
    fn nothing_is_guessed_from_little() {
        check("", None, "und");
        check("12:30 — 2021", None, "und");
        check("Pegasus", None, "und");
    }

    #[test]
    fn kin_are_told_apart_by_the_page() {
        let text = "Vlada je najavila nove mjere protiv utaje poreza i kazala da će ih provesti u svim županijama.";
        check(text, Some("hr"), "hr");
        check(text, Some("bs"), "bs");
    }

    #[test]
    fn a_wrong_page_language_does_not_bind_a_long_text() {
        let text = "Die Regierung hat am Dienstag neue Maßnahmen gegen Steuerhinterziehung angekündigt. ".repeat(5);
        check(&text, Some("en"), "de");
    }

    #[test]
    fn an_outlets_language_outweighs_a_forgotten_attribute() {
        let hints = Hints { outlet_languages: vec![Language::parse("fr")], ..Hints::default() };
        let (found, _) = language("Le ministre démissionne", &hints, Some(Language::parse("en")));
        assert_eq!(found.as_str(), "fr");
    }

    #[test]
    fn short_text_takes_the_pages_word_in_its_script() {
        check("Pegasus", Some("de"), "de");
        check("Пегас", Some("ru"), "ru");
        check("Пегас", Some("de"), "und");
    }
}
