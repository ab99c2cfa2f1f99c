//! The tables of `tests/fixtures/inflection`, and the articles that are made of them.

use std::path::{Path, PathBuf};

use courant_model::Language;

/// A word with its inflected forms.
pub(crate) struct Lemma {
    /// `noun`, `verb`, `adjective`, `person`, `place`.
    pub(crate) kind: String,
    /// What it means, in any language.
    pub(crate) id: String,
    pub(crate) forms: Vec<String>,
    /// Words that look like it and mean something else.
    pub(crate) lookalikes: Vec<String>,
}

/// One language's table.
pub(crate) struct Table {
    pub(crate) code: String,
    pub(crate) language: Language,
    /// A sentence with `{}` for a word.
    pub(crate) carrier: String,
    pub(crate) lemmas: Vec<Lemma>,
}

/// One article: a form or a lookalike in its sentence.
pub(crate) struct Article {
    /// Index into the tables.
    pub(crate) table: usize,
    /// Index into the table's lemmas; none for a lookalike.
    pub(crate) lemma: Option<usize>,
    pub(crate) word: String,
    pub(crate) text: String,
}

/// A title, and the words of it that are looked for.
pub(crate) struct Title {
    pub(crate) language: Language,
    pub(crate) text: String,
    pub(crate) words: Vec<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/inflection")
}

/// The files `*.tsv` of `folder` with their names, in order.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .expect("the folder of tables")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "tsv"))
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).expect("a table"))
        })
        .collect();
    files.sort();
    files
}

fn list(words: &str) -> Vec<String> {
    words.split(' ').map(str::to_owned).collect()
}

/// All tables.
pub(crate) fn tables() -> Vec<Table> {
    let table = |(code, text): (String, String)| {
        let mut lines = text.lines();
        let carrier = lines.next().and_then(|line| line.strip_prefix("carrier\t")).expect("a carrier").to_owned();
        let lemmas = lines
            .map(|line| match line.split('\t').collect::<Vec<_>>()[..] {
                [kind, id, forms, lookalikes] => {
                    Lemma { kind: kind.to_owned(), id: id.to_owned(), forms: list(forms), lookalikes: list(lookalikes) }
                }
                _ => panic!("{code}: {line}"),
            })
            .collect();
        Table { language: Language::parse(&code), code, carrier, lemmas }
    };
    files(&folder()).into_iter().map(table).collect()
}

/// An article for each form and each lookalike.
pub(crate) fn articles(tables: &[Table]) -> Vec<Article> {
    let mut articles = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        let mut add = |lemma, word: &String| {
            let text = table.carrier.replace("{}", word);
            articles.push(Article { table: at, lemma, word: word.clone(), text });
        };
        for (index, lemma) in table.lemmas.iter().enumerate() {
            lemma.forms.iter().for_each(|form| add(Some(index), form));
            lemma.lookalikes.iter().for_each(|word| add(None, word));
        }
    }
    articles
}

/// The titles of languages whose words no blank parts.
pub(crate) fn titles() -> Vec<(String, Vec<Title>)> {
    let read = |(code, text): (String, String)| {
        let language = Language::parse(&code);
        let title = |line: &str| {
            let (title, words) = line.split_once('\t').expect("a title and its words");
            Title { language, text: title.to_owned(), words: list(words) }
        };
        (code, text.lines().map(title).collect())
    };
    files(&folder().join("titles")).into_iter().map(read).collect()
}
