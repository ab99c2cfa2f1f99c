//! `courant stories`: lists, and one story with the reasons it holds together.

use anyhow::{Result, bail};
use courant_exchange::{Evidence, Stories, StoryAccount};

use crate::cli::StoriesCommand;
use crate::settings::Settings;
use crate::{Ended, output};

use super::desk::{Asking, Desk};
use super::open_existing;
use super::paint::{Paint, isolate};

pub(super) async fn stories(settings: Settings, what: &StoriesCommand) -> Result<Ended> {
    let place = open_existing(settings).await?;
    let desk = Desk::over(&place);
    match what {
        StoriesCommand::List { at_least, lang, limit, json } => {
            let asking = Asking::default()
                .with("at_least", &at_least.to_string())
                .maybe("lang", lang.as_deref())
                .with("limit", &limit.to_string());
            let stories: Option<Stories> = desk.get("/stories", asking).await?;
            list(stories, *json)
        }
        StoriesCommand::Show { id, json } => {
            let Some(story) = desk.get(&format!("/stories/{id}"), Asking::default()).await? else {
                bail!("no story '{id}': `courant stories list` names them");
            };
            if *json {
                output::json(&story)?;
            } else {
                show(&story);
            }
            Ok(Ended::Done)
        }
    }
}

fn list(stories: Option<Stories>, json: bool) -> Result<Ended> {
    let Some(stories) = stories.filter(|stories| json || !stories.stories.is_empty()) else {
        output::say("no stories yet");
        return Ok(Ended::NothingFound);
    };
    if json {
        output::json(&stories)?;
        return Ok(if stories.stories.is_empty() { Ended::NothingFound } else { Ended::Done });
    }
    let paint = Paint::for_stdout();
    for story in &stories.stories {
        output::line(isolate(&paint.bold(&story.title), &story.language));
        let facts = format!(
            "{} articles · {} outlets · {} · {} to {}",
            story.articles,
            story.outlets.len(),
            story.languages.join(" "),
            story.first,
            story.last
        );
        output::line(format!("  {}", paint.dim(&facts)));
        output::line(format!("  {}", paint.dim(&story.id)));
    }
    output::say(format!("{} of {} stories", stories.stories.len(), stories.total));
    Ok(Ended::Done)
}

fn show(account: &StoryAccount) {
    let paint = Paint::for_stdout();
    output::line(isolate(&paint.bold(&account.story.title), &account.story.language));
    for member in &account.members {
        output::line("");
        output::line(isolate(&paint.bold(&member.article.title), &member.article.language));
        output::line(format!("  {}", paint.facts(&member.article)));
        output::line(format!("  {}", paint.dim(&format!("{}  {}", member.article.url, member.article.id))));
        let why: Vec<String> = member.evidence.iter().map(reason).collect();
        if !why.is_empty() {
            output::line(format!("  {}", paint.dim(&format!("here because: {}", why.join("; ")))));
        }
    }
}

fn reason(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Words { score, shared } => format!("words {score:.2} ({})", shared.join(", ")),
        Evidence::Translation { url } => format!("named as a translation ({url})"),
        Evidence::SharedLink { url } => format!("links to the same page ({url})"),
        Evidence::Link { article } => format!("linked with {article}"),
    }
}
