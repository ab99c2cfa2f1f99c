//! Sentences of our own that credit somebody, and others that only name somebody.

use courant_model::{Credit, HostRule, Language, OutletId};
use url::Url;

use crate::newsrooms::{Newsroom, Newsrooms};
use crate::{Hints, read};

fn newsrooms() -> Newsrooms {
    let newsroom = |id: &str, languages: &[&str], hosts: &[&str], names: &[(&str, &str)]| Newsroom {
        id: OutletId::new(id),
        languages: languages.iter().map(|code| Language::parse(code)).collect(),
        names: names
            .iter()
            .map(|(code, name)| (Some(*code).filter(|code| !code.is_empty()).map(Language::parse), (*name).to_owned()))
            .collect(),
        hosts: hosts.iter().map(|host| HostRule::parse(host)).collect(),
    };
    Newsrooms::new(vec![
        newsroom(
            "vice",
            &["en"],
            &["vice.com"],
            &[("", "VICE"), ("en", "Vice"), ("en", "VICE News"), ("ar", "فايس"), ("ja", "ヴァイス")],
        ),
        newsroom(
            "amnesty",
            &["en", "fr", "es"],
            &["amnesty.org"],
            &[
                ("", "Amnesty International"),
                ("en", "Amnesty"),
                ("es", "Amnistía Internacional"),
                ("el", "Διεθνής Αμνηστία"),
                ("ru", "Международная амнистия"),
                ("uk", "Міжнародна амністія"),
                ("tr", "Uluslararası Af Örgütü"),
                ("ar", "منظمة العفو الدولية"),
                ("he", "אמנסטי"),
                ("hi", "एमनेस्टी इंटरनेशनल"),
                ("ko", "국제앰네스티"),
                ("zh", "国际特赦组织"),
            ],
        ),
        newsroom("lab", &["en"], &["securitylab.amnesty.org"], &[("fr", "Security Lab d'Amnesty International")]),
        newsroom(
            "guardian",
            &["en"],
            &["theguardian.com"],
            &[
                ("", "The Guardian"),
                ("en", "Guardian"),
                ("ar", "الغارديان"),
                ("fa", "گاردین"),
                ("he", "הגרדיאן"),
                ("hi", "द गार्डियन"),
                ("ja", "ガーディアン"),
                ("ko", "가디언"),
                ("ru", "Гардиан"),
                ("bg", "Гардиън"),
                ("uk", "Ґардіан"),
                ("zh", "卫报"),
            ],
        ),
        newsroom(
            "spiegel",
            &["de"],
            &["spiegel.de"],
            &[("", "DER SPIEGEL"), ("de", "Spiegel"), ("ru", "Шпигель"), ("el", "Σπίγκελ")],
        ),
        newsroom("zeit", &["de"], &["zeit.de"], &[("", "Die Zeit")]),
        newsroom("monde", &["fr"], &["lemonde.fr"], &[("", "Le Monde"), ("ru", "Монд")]),
        newsroom("pais", &["es"], &["elpais.com"], &[("", "El País")]),
        newsroom("bell-fr", &["fr"], &["bell.example/fr"], &[("", "Bell (fr)")]),
        newsroom("bell", &["en"], &["bell.example"], &[("", "Bell")]),
    ])
}

/// The credits of an article whose second paragraph is `html`, each as `outlet: name`.
fn credits(code: &str, html: &str) -> Vec<Credit> {
    let filler = match code {
        "ja" | "zh" => "这是一个很长的段落。".repeat(20),
        _ => format!("{} ", "x".repeat(6)).repeat(40),
    };
    let page = format!(
        "<html lang={code}><title>T</title><article><h1>T one two three four five</h1><div class=article-body>\
         <p>{html}</p><p>{filler}.</p><p>{filler}.</p></div></article>"
    );
    let url = Url::parse("https://ledger.example/2021/07/19/a-story-of-that-day").expect("an address");
    let own = vec![Language::parse(code)];
    let hints = Hints { newsrooms: newsrooms().into(), outlet_languages: own, ..Hints::default() };
    let (dom, _) = crate::html::dom::parse(&page);
    let parsed = crate::page::Page::of(&dom, &url, &hints);
    let blocks = parsed.blocks.blocks.iter().enumerate().filter(|(_, block)| block.weight > 40);
    let body = crate::body::Body { blocks: blocks.map(|(at, _)| at).collect(), ..Default::default() };
    super::find(&parsed, Language::parse(code), None, &body)
}

/// What is wrong with the credits of a sentence; nothing where they are as expected.
fn wrong(code: &str, sentence: &str, expected: &[&str]) -> Option<String> {
    let padding = match code {
        "ja" | "zh" => "一二三四五六七八九十一二三四五。",
        _ => "It was a long day for everybody who was there.",
    };
    let found = credits(code, &format!("{padding} {sentence} {padding}"));
    let told: Vec<&str> = found.iter().map(|credit| credit.outlet.as_str()).collect();
    let right = told == expected && found.iter().all(|credit| credit.sentence == sentence);
    (!right).then(|| format!("{code}: {sentence} {found:?}"))
}

#[test]
fn a_source_that_is_named_is_credited() {
    let cases = [
        ("en", "The servers were closed, as first reported by Vice.", "vice"),
        ("en", "According to the British newspaper The Guardian, nobody knew.", "guardian"),
        ("en", "A spokesman told VICE News that it had ended.", "vice"),
        ("en", "A Guardian investigation had named them.", "guardian"),
        ("en", "It was Vice, which first reported the breach, that asked.", "vice"),
        ("en", "Amnesty has documented dozens of such cases.", "amnesty"),
        ("fr", "Les serveurs ont fermé, comme l'a révélé Vice lundi.", "vice"),
        ("fr", "C'est ce que décrit un article de Vice sur ces comptes.", "vice"),
        ("fr", "«Nous avons agi vite», a assuré une porte-parole de la firme à Vice.", "vice"),
        ("fr", "Ces liens avaient été mis en lumière par Vice dès 2020.", "vice"),
        ("fr", "Un rapport d'Amnesty International montre ces serveurs.", "amnesty"),
        ("fr", "Selon une enquête du quotidien britannique The Guardian, rien ne change.", "guardian"),
        ("fr", "D'après les informations du Monde, la firme savait.", "monde"),
        ("de", "Wie der Spiegel am Freitag berichtete, wusste das Amt davon.", "spiegel"),
        ("de", "Laut Amnesty International wurden Dutzende überwacht.", "amnesty"),
        ("de", "Einem Spiegel-Bericht zufolge wusste das Amt davon.", "spiegel"),
        ("de", "Das berichtet die Wochenzeitung „Die Zeit“ in ihrer Ausgabe.", "zeit"),
        ("es", "La empresa sabía de ello, según reveló El País.", "pais"),
        ("es", "Un informe de Amnistía Internacional describe los servidores.", "amnesty"),
        ("pt", "De acordo com o jornal Le Monde, ninguém sabia.", "monde"),
        ("pt", "O caso foi revelado pelo Guardian na segunda-feira.", "guardian"),
        ("it", "Lo ha rivelato un'inchiesta del Guardian sui server.", "guardian"),
        ("it", "Secondo Amnesty International nessuno sapeva.", "amnesty"),
        ("nl", "Volgens het Britse dagblad The Guardian wist niemand ervan.", "guardian"),
        ("nl", "De zaak werd onthuld door Vice in de zomer.", "vice"),
        ("sv", "Det skriver den brittiska tidningen The Guardian på måndagen.", "guardian"),
        ("sv", "Enligt Amnesty visste ingen om det.", "amnesty"),
        ("da", "Det fortalte en talsmand til Vice mandag aften.", "vice"),
        ("no", "Ifølge Guardian visste ingen om det.", "guardian"),
        ("fi", "Guardianin mukaan kukaan ei tiennyt asiasta.", "guardian"),
        ("fi", "Amnestyn selvityksen mukaan asiasta tiedettiin.", "amnesty"),
        ("pl", "Jak podał dziennik The Guardian, nikt nie wiedział.", "guardian"),
        ("pl", "Według raportu Amnesty International nikt nie wiedział.", "amnesty"),
        ("cs", "Podle deníku Guardian o tom nikdo nevěděl.", "guardian"),
        ("sk", "Podľa denníka Le Monde o tom nikto nevedel.", "monde"),
        ("hu", "A Guardian szerint senki sem tudott róla.", "guardian"),
        ("hu", "A cég szóvivője a Vice-nak nyilatkozva tagadta ezt.", "vice"),
        ("hu", "Az Amnesty jelentése szerint tudtak róla.", "amnesty"),
        ("ro", "Potrivit publicației Le Monde, nimeni nu știa.", "monde"),
        ("bg", "Според вестник „Гардиън“ никой не е знаел.", "guardian"),
        ("el", "Σύμφωνα με τη Διεθνή Αμνηστία, κανείς δεν γνώριζε.", "amnesty"),
        ("el", "Όπως αποκάλυψε το γερμανικό περιοδικό Σπίγκελ, όλοι γνώριζαν.", "spiegel"),
        ("tr", "Guardian'ın haberine göre kimse bunu bilmiyordu.", "guardian"),
        ("tr", "Vice'a konuşan sözcü bunu yalanladı.", "vice"),
        ("ru", "По данным Международной амнистии, об этом никто не знал.", "amnesty"),
        ("ru", "Об этом сообщил журнал «Шпигель» со слов юристов.", "spiegel"),
        ("ru", "Согласно расследованию Шпигеля, ведомство знало.", "spiegel"),
        ("ru", "Как пишет The Guardian, никто не знал.", "guardian"),
        ("uk", "За даними Міжнародної амністії, про це ніхто не знав.", "amnesty"),
        ("uk", "Про це пише The Guardian у понеділок.", "guardian"),
        ("ar", "وكشفت صحيفة الغارديان البريطانية أن أحدا لم يعرف.", "guardian"),
        ("ar", "وفقا لمنظمة العفو الدولية لم يعرف أحد بذلك.", "amnesty"),
        ("ar", "ذلك وفقا للغارديان التي اطلعت على الوثائق.", "guardian"),
        ("he", "לפי הגרדיאן איש לא ידע על כך.", "guardian"),
        ("he", "כך פורסם לראשונה בהגרדיאן ביום שני.", "guardian"),
        ("he", "הפרשה נחשפה ב-Vice לפני שנה.", "vice"),
        ("fa", "به گزارش روزنامه گاردین هیچ‌کس از آن خبر نداشت.", "guardian"),
        ("hi", "द गार्डियन की रिपोर्ट में कहा गया कि किसी को पता नहीं था।", "guardian"),
        ("hi", "एमनेस्टी इंटरनेशनल के अनुसार किसी को पता नहीं था।", "amnesty"),
        ("id", "Menurut laporan The Guardian, tidak ada yang tahu.", "guardian"),
        ("id", "Kasus itu diungkap oleh Amnesty International pada Senin.", "amnesty"),
        ("ja", "英紙ガーディアンによると、誰も知らなかった。", "guardian"),
        ("ja", "ヴァイスが昨年、この会社の関係を報じていた。", "vice"),
        ("zh", "据英国《卫报》报道，没有人知道此事。", "guardian"),
        ("zh", "国际特赦组织的调查显示，没有人知道此事。", "amnesty"),
        ("ko", "영국 가디언에 따르면 아무도 몰랐다.", "guardian"),
        ("ko", "국제앰네스티는 이 사건을 처음으로 폭로했다.", "amnesty"),
    ];
    let wrong: Vec<String> = cases.iter().filter_map(|(code, sentence, id)| wrong(code, sentence, &[*id])).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn who_is_only_named_is_not_credited() {
    let cases = [
        ("en", "He told reporters that Vice President Roe had known."),
        ("en", "She once worked for Vice in New York and read the Guardian."),
        ("en", "According to his lawyers, Amnesty was never asked."),
        ("en", "Legal advice on vice was given by a guardian."),
        ("no", "Det skriver avisa The Zeit på en mandag i juli."),
        ("fr", "Le patron de Vice a quitté la salle avant la fin."),
        ("fr", "Tout le monde le savait, selon le monde judiciaire."),
        ("fr", "Selon un lecteur du Monde diplomatique de passage, rien ne change."),
        ("de", "In der Zeit danach sagte er dem Gericht alles."),
        ("de", "Er sagte alles, und in der Zeit danach nichts mehr."),
        ("de", "Der Chef des Spiegel kam am Freitag zu spät."),
        ("es", "El director de El País llegó tarde a la cita."),
        ("it", "Il direttore di Vice era in ritardo quel giorno."),
        ("nl", "De baas van Vice kwam te laat op kantoor."),
        ("ru", "Редактор Шпигеля опоздал на встречу в тот день."),
        ("hu", "A Guardian főszerkesztője késett aznap a gyűlésről."),
        ("tr", "Guardian çalışanları o gün greve gitti."),
        ("ar", "وصل محرر الغارديان متأخرا إلى الاجتماع."),
        ("he", "העורך של הגרדיאן איחר באותו היום לפגישה."),
        ("ja", "彼はガーディアンを毎朝読んでいた。"),
        ("zh", "他每天早上都读卫报这份报纸。"),
        ("ko", "그는 가디언을 매일 아침 읽었다."),
    ];
    let wrong: Vec<String> = cases.iter().filter_map(|(code, sentence)| wrong(code, sentence, &[])).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_name_that_holds_another_credits_both() {
    let sentence = "Le rapport du Security Lab d'Amnesty International détaille ces liens.";
    assert_eq!(wrong("fr", sentence, &["lab", "amnesty"]), None);
    let found = credits("en", "It was VICE News, according to VICE News, who found it in the first place.");
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn a_link_credits_whom_it_names() {
    let linked =
        credits("en", "It was all in <a href='https://www.vice.com/a'>Vice</a> that day, to be read by everybody.");
    assert!(linked.len() == 1 && linked[0].linked && linked[0].name == "Vice", "{linked:?}");
    let beside =
        credits("en", "As Vice <a href='https://www.vice.com/a'>revealed</a>, it ended; that was on a Monday.");
    assert!(beside.is_empty() || beside[0].linked, "{beside:?}");
    let elsewhere =
        credits("en", "She was the head of <a href='https://else.example/vice'>Vice</a> at the time, she said.");
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
}

#[test]
fn of_editions_with_one_name_the_language_tells() {
    for (code, sentence, id) in [
        ("fr", "Selon Bell, rien ne change dans cette affaire.", "bell-fr"),
        ("en", "According to Bell, nothing changes in this affair.", "bell"),
        ("fr", "Selon <a href='https://bell.example/a'>Bell</a>, rien ne change dans cette affaire.", "bell"),
    ] {
        let found = credits(code, sentence);
        assert_eq!(found.iter().map(|credit| credit.outlet.as_str()).collect::<Vec<_>>(), [id], "{sentence}");
    }
}

#[test]
fn nobody_credits_oneself() {
    let hints = Hints { newsrooms: newsrooms().into(), ..Hints::default() };
    let url = Url::parse("https://www.vice.com/en/article/one-two-three").expect("an address");
    let text = "A spokesman told Vice that it had ended, and according to Amnesty it had never begun at all.";
    let page = format!(
        "<html lang=en><article><h1>One two three four five</h1><p>{text}</p><p>{}</p></article>",
        text.replace("Vice", "us").repeat(3)
    );
    let reading = read(page.as_bytes(), Some("text/html; charset=utf-8"), &url, &hints);
    let told: Vec<&str> = reading.credits.iter().map(|credit| credit.outlet.as_str()).collect();
    assert!(!told.is_empty() && told.iter().all(|id| *id == "amnesty"), "{told:?}");
}

#[test]
fn hostile_texts_end() {
    let text = format!("{} Vice.", "told … Vice according to the newspaper ".repeat(3_000));
    assert!(credits("en", &text).len() <= super::MOST);
}

#[test]
fn a_page_of_several_credits_tells_each_with_its_sentence() {
    let body = "<p>La firme travaille avec plusieurs hébergeurs, dont une filiale du géant, comme le détaille un article de Vice \
        paru dans la nuit. Elle n'a pas répondu.</p>\
        <p>«Dès que nous l'avons appris, nous avons coupé ces serveurs», a expliqué une porte-parole du géant à Vice.</p>\
        <p>Le rapport technique du Security Lab d'Amnesty International détaille ce qui lie les deux sociétés. Le service en \
        question protège aussi de ceux qui voudraient suivre la firme.</p>\
        <p>Ces liens avaient déjà été mis en lumière par Vice. En 2020, le média alertait sur ces serveurs, sans effet.</p>";
    let page = format!(
        "<html lang=fr><title>Le géant coupe les serveurs d'une firme</title><article><h1>Le géant coupe les serveurs d'une firme</h1>\
         <p class=chapo>Un rapport d'Amnesty International a mis en évidence ces serveurs, loués au géant par la firme.</p>\
         <div class=article-body>{body}</div></article>"
    );
    let hints = Hints { newsrooms: newsrooms().into(), ..Hints::default() };
    let url = Url::parse("https://lanterne.example/tech/serveurs-du-geant").expect("an address");
    let reading = read(page.as_bytes(), Some("text/html; charset=utf-8"), &url, &hints);
    let of = |id: &str| reading.credits.iter().filter(|credit| credit.outlet.as_str() == id).collect::<Vec<_>>();
    let begin = |id: &str| {
        of(id).iter().map(|credit| credit.sentence.split(' ').take(3).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(begin("vice"), ["La firme travaille", "«Dès que nous", "Ces liens avaient"]);
    assert_eq!(begin("amnesty"), ["Un rapport d'Amnesty", "Le rapport technique"]);
    assert_eq!(of("lab").len(), 1);
    assert!(reading.credits.iter().all(|credit| !credit.linked));
}
