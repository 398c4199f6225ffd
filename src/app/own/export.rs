//! Everything that is held about a person, to be handed to them.
//!
//! The rule of what is theirs: a line of the log belongs in it when an erasure would take it, unless it is another's act that
//! names that other and not them (a vote, a verdict on a recommendation): such acts are told as counts, because who did them
//! is the others' own. What is concluded from the lines is told as it stands, with what it came from.

use super::concluded::Concluded;
use super::known;
use super::wishes::Wishes;
use crate::app::answers::QueryError;
use crate::app::cards::Card;
use crate::app::service::Service;
use crate::app::upkeep::UpkeepError;
use crate::domain::{CommunityId, FactBody, PersonId, Timestamp};
use crate::recommend::Tongue;
use crate::signals::{Circle, circles, openly_helped};
use crate::store::KeyRow;
use crate::world::{AskOutcome, Buckets, Counts, PersonIx, View};

/// Answers that the person gave about one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldSubject {
    /// The tag.
    pub tag: String,
    /// Answers to questions under it.
    pub answers: u32,
}

/// How the person stands in one community.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldPlace {
    /// The community.
    pub community: CommunityId,
    /// How near they are to its heart, from what they gave.
    pub circle: Option<Circle>,
    /// Answers that they gave there.
    pub answers: u32,
}

/// Invitations to answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Invitations {
    /// Sent to them.
    pub received: u32,
    /// Of these, answered,
    pub answered: u32,
    /// turned down or passed on.
    pub declined: u32,
}

/// What is concluded about a person from the events, each with what it is a count of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Questions asked.
    pub asked: u32,
    /// Answers given to others' questions.
    pub answers: u32,
    /// Of these, accepted.
    pub accepted: u32,
    /// People helped, of those who asked under their name.
    pub helped: u32,
    /// Answers by language of the exchange.
    pub languages: Vec<(String, u32)>,
    /// Answers by UTC hour of the day.
    pub hours: Vec<(u8, u32)>,
    /// Answers by the UTC hour of the day at which their question was asked.
    pub question_hours: Vec<(u8, u32)>,
    /// What they answer about, most answers first.
    pub subjects: Vec<HeldSubject>,
    /// Whether their answers are summed up as what they are about, by the latent basis.
    pub summed_up: bool,
    /// Communities, in the order of identifiers.
    pub places: Vec<HeldPlace>,
    /// Invitations.
    pub invitations: Invitations,
    /// Votes of others on their questions and answers: how many more for than against.
    pub votes: i64,
    /// Verdicts of others on recommendations of them.
    pub verdicts: u64,
}

/// For how long something is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retained {
    /// What.
    pub what: &'static str,
    /// For how long, in words.
    pub kept: &'static str,
}

/// What is held beside the log, and for how long everything is.
const RETAINED: [Retained; 6] = [
    Retained {
        what: "events",
        kept: "until they are erased or retracted, or their window of `[retention]` has passed",
    },
    Retained {
        what: "derived",
        kept: "as long as the events that it is counted from",
    },
    Retained {
        what: "recommendations",
        kept: "90 days: who was named, as a keyed hash of 32 bits, without what was asked",
    },
    Retained {
        what: "keys",
        kept: "until the person is erased; the key itself is never held, only its hash",
    },
    Retained {
        what: "models",
        kept: "until the next one is learnt: terms that at least three people used, as keyed hashes",
    },
    Retained {
        what: "backups",
        kept: "as long as the operator keeps them; an erasure is repeated when one is restored",
    },
];

/// Everything that is held about a person.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonExport {
    /// Their accounts.
    pub accounts: Vec<PersonId>,
    /// The canonical lines that name them, or say something of what they asked, answered or were invited to, in the order
    /// of the log.
    pub lines: Vec<Vec<u8>>,
    /// What they allow and can give.
    pub wishes: Wishes,
    /// What is concluded from the events.
    pub derived: Held,
    /// What is concluded, with what it came from, and what was proposed.
    pub concluded: Concluded,
    /// Keys that speak for them.
    pub keys: Vec<KeyRow>,
    /// For how long what is held.
    pub retention: &'static [Retained],
}

/// Why there is no export.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Nobody of that name is there.
    #[error(transparent)]
    NotFound(#[from] QueryError),
    /// The log cannot be read.
    #[error(transparent)]
    Upkeep(#[from] UpkeepError),
}

impl Service {
    /// Everything that is held about the person called `id`, with reasons in `tongue`. Cost: finding what an erasure would
    /// take, on the writer's thread; the records found and one ranking of skills, on this one.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn export_person(&self, id: &str, tongue: Tongue) -> Result<Card<PersonExport>, ExportError> {
        let snapshot = self.snapshot();
        let (view, as_of) = (&snapshot.view, snapshot.as_of(self.now()));
        let person = known(view, id)?;
        let mut accounts: Vec<PersonId> = view.accounts(person).map(|ix| view.people.get(ix).id.clone()).collect();
        accounts.sort_unstable();
        let keys = self.keys().map_err(|_| UpkeepError::Stopping)?;
        let theirs = |key: &KeyRow| key.person.as_deref().is_some_and(|who| names(&accounts, who));
        let export = PersonExport {
            lines: self.lines_of(&accounts, snapshot.generation)?,
            wishes: Wishes::of(view, person, as_of),
            derived: held(view, person, &accounts, as_of),
            concluded: Concluded::of(
                &snapshot,
                (person, self.maps_on(&snapshot, person, as_of)),
                as_of,
                tongue,
            ),
            keys: keys.into_iter().filter(theirs).collect(),
            retention: &RETAINED,
            accounts,
        };
        Ok(Card {
            shows: export,
            generation: snapshot.generation,
            as_of,
        })
    }
}

fn names(accounts: &[PersonId], who: &str) -> bool {
    accounts.iter().any(|account| account.as_str() == who)
}

fn held(view: &View, person: PersonIx, accounts: &[PersonId], as_of: Timestamp) -> Held {
    let node = view.people.get(person);
    let evidence = &node.evidence;
    let mut subjects: Vec<HeldSubject> = evidence
        .tags
        .iter()
        .map(|(tag, buckets)| HeldSubject {
            tag: view.tags.get(*tag).id.to_string(),
            answers: buckets.total(),
        })
        .collect();
    subjects.sort_unstable_by(|a, b| (b.answers, &a.tag).cmp(&(a.answers, &b.tag)));
    let mut places: Vec<HeldPlace> = view
        .communities_of(person)
        .into_iter()
        .map(|community| HeldPlace {
            community: view.communities.get(community).id.clone(),
            circle: circles(view, community, as_of).get(&person).copied(),
            answers: evidence.community(community).map_or(0, Buckets::total),
        })
        .collect();
    places.sort_unstable_by(|a, b| a.community.cmp(&b.community));
    let languages = evidence.languages.iter();
    let rows = || view.accounts(person).map(|account| view.people.get(account));
    let helped = evidence.helped.iter().map(|(&asker, _)| asker);
    // Who asked without a name stays unknown to those who answered.
    let helped = helped.filter(|&asker| openly_helped(view, person, asker) > 0);
    Held {
        asked: rows().map(|row| row.asked.len() as u32).sum(),
        answers: evidence.answers,
        accepted: evidence.accepted,
        helped: helped.count() as u32,
        languages: languages.map(|(tag, count)| (tag.to_string(), count)).collect(),
        hours: by_hour(&evidence.hours),
        question_hours: by_hour(&evidence.question_hours),
        subjects,
        summed_up: evidence.topics.interest().is_some(),
        places,
        invitations: invitations(view, person),
        votes: votes(view, person),
        verdicts: verdicts(view, accounts),
    }
}

fn by_hour(hours: &Counts<u8>) -> Vec<(u8, u32)> {
    hours.iter().map(|(&hour, count)| (hour, count)).collect()
}

fn invitations(view: &View, person: PersonIx) -> Invitations {
    let mut told = Invitations::default();
    let asks = view.accounts(person).flat_map(|account| &view.people.get(account).asks);
    for ask in asks.filter_map(|&ask| view.asks.get(ask).state.as_deref()) {
        told.received += 1;
        match ask.outcome {
            AskOutcome::Open => {}
            AskOutcome::Answered => told.answered += 1,
            AskOutcome::Declined(_) | AskOutcome::Referred(_) => told.declined += 1,
        }
    }
    told
}

fn votes(view: &View, person: PersonIx) -> i64 {
    let rows = || view.accounts(person).map(|account| view.people.get(account));
    let questions = rows().flat_map(|row| &row.asked);
    let asked = questions.filter_map(|&question| Some(view.questions.get(question).state.as_ref()?.votes));
    let answers = rows().flat_map(|row| &row.answered);
    let answered = answers.filter_map(|&answer| Some(view.answers.get(answer).state.as_ref()?.score));
    asked.chain(answered).sum()
}

fn verdicts(view: &View, accounts: &[PersonId]) -> u64 {
    let facts = view.feedback().flat_map(|(_, facts)| facts);
    let theirs = facts.filter(|fact| {
        matches!(&fact.body, FactBody::FeedbackGiven { subject, by, .. }
            if names(accounts, subject) && !by.as_ref().is_some_and(|by| names(accounts, by.as_str())))
    });
    theirs.count() as u64
}
