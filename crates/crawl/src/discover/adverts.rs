//! Advertisements among a list's entries, where they say so: by a category, by a mark before the title,
//! by a part of the address.
//!
//! Only words that label an advertisement are here, in the languages that feeds come in, none that may
//! as well be a subject: an article about advertising is an article.

use courant_model::CanonicalUrl;

/// Labels in lower case, as categories and as marks before a title.
const LABELS: &[&str] = &[
    "advertisement",
    "advertorial",
    "branded content",
    "paid content",
    "paid post",
    "partner content",
    "promoted content",
    "sponsored",
    "sponsored content",
    "sponsored post",
    "contenu partenaire",
    "contenu sponsorisé",
    "publi-rédactionnel",
    "publireportage",
    "sponsorisé",
    "anzeige",
    "bezahlter inhalt",
    "contenido patrocinado",
    "patrocinado",
    "publirreportaje",
    "conteúdo patrocinado",
    "publieditorial",
    "contenuto sponsorizzato",
    "informazione pubblicitaria",
    "publiredazionale",
    "advertentie",
    "gesponsord",
    "gesponsorde inhoud",
    "annons",
    "annonsørinnhold",
    "sponsoreret indhold",
    "kaupallinen yhteistyö",
    "artykuł sponsorowany",
    "materiał sponsorowany",
    "komerční sdělení",
    "szponzorált tartalom",
    "támogatott tartalom",
    "conținut sponsorizat",
    "на правах рекламы",
    "партнерский материал",
    "партнёрский материал",
    "на правах реклами",
    "партнерський матеріал",
    "sponsorlu içerik",
    "محتوى مدعوم",
    "إعلان مدفوع",
    "תוכן שיווקי",
    "תוכן ממומן",
    "प्रायोजित",
    "广告",
    "廣告",
    "赞助内容",
    "贊助內容",
    "スポンサー記事",
    "広告",
    "광고",
];
/// Parts of paths under which advertisements lie.
const FOLDERS: &[&str] = &[
    "advertorial",
    "advertorials",
    "branded-content",
    "brandvoice",
    "paid-content",
    "paid-post",
    "paidpost",
    "partner-content",
    "partnercontent",
    "publireportage",
    "publirreportaje",
    "sponsored",
    "sponsored-content",
    "sponsored-post",
];

/// Whether a category says that the entry is an advertisement.
pub(crate) fn is_label(category: &str) -> bool {
    let category = category.trim().trim_matches(['[', ']', '(', ')', '*', '#']).trim().to_lowercase();
    LABELS.contains(&category.as_str())
}

/// Whether a title begins with a mark: `[Sponsored] …`, `Advertorial: …`. A single word before a colon
/// may as well be the subject (`Anzeige: …` is also a complaint to the police), so that it must be one
/// that nothing else is called.
pub(crate) fn is_marked(title: &str) -> bool {
    let title = title.trim_start();
    let bracketed = [('[', ']'), ('(', ')'), ('【', '】')].iter().find_map(|(open, close)| {
        let (mark, _) = title.strip_prefix(*open)?.split_once(*close)?;
        Some(mark)
    });
    if let Some(mark) = bracketed {
        return is_label(mark);
    }
    title.split_once([':', '|']).is_some_and(|(mark, _)| is_label(mark) && !AMBIGUOUS.contains(&&*mark.to_lowercase()))
}

/// Labels that begin headlines of their own.
const AMBIGUOUS: &[&str] = &["anzeige", "annons"];

/// Whether an address lies where advertisements lie. The last part is a page's own name, and may speak
/// of them.
pub(super) fn is_advertised_at(url: &CanonicalUrl) -> bool {
    let Some((folders, _)) = url.host_and_path().rsplit_once('/') else { return false };
    folders.split('/').skip(1).any(|folder| FOLDERS.contains(&folder.to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_told_from_subjects() {
        for (category, is) in [
            ("Sponsored", true),
            (" Anzeige ", true),
            ("[Advertorial]", true),
            ("Contenu sponsorisé", true),
            ("На правах рекламы", true),
            ("广告", true),
            ("Advertising", false),
            ("Publicité", false),
            ("Werbung", false),
            ("Sponsored terrorism", false),
            ("", false),
        ] {
            assert_eq!(is_label(category), is, "{category}");
        }
    }

    #[test]
    fn a_mark_stands_before_the_title() {
        for (title, is) in [
            ("[Sponsored] Ten mattresses you need", true),
            ("(Anzeige) Zehn Matratzen", true),
            ("Advertorial: ten mattresses", true),
            ("【広告】十のマットレス", true),
            ("【广告】十张床垫", true),
            ("Anzeige: Minister droht ein Verfahren", false),
            ("Sponsored by the state: how the league was bought", false),
            ("The harbour contract", false),
            ("[", false),
        ] {
            assert_eq!(is_marked(title), is, "{title}");
        }
    }

    #[test]
    fn an_address_says_it_by_a_folder() {
        for (address, is) in [
            ("https://press.example/sponsored/ten-mattresses", true),
            ("https://press.example/news/Partner-Content/ten-mattresses", true),
            ("https://press.example/news/sponsored", false),
            ("https://sponsored.example/news/the-harbour", false),
            ("https://press.example/news/state-sponsored-hackers", false),
        ] {
            assert_eq!(is_advertised_at(&CanonicalUrl::parse(address).expect("an address")), is, "{address}");
        }
    }
}
