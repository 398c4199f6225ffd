//! Random valid events: the keys of every type, with values drawn from the kinds that each key takes.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// A kind of value, and whether its key may be absent or null.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Id,
    Name,
    Body,
    Format,
    Names,
    Ids,
    Labels,
    Unit,
    Units,
    Url,
    Language,
    Languages,
    Zone,
    Day,
    Flag,
    Level,
    Hours,
    Target,
    Count,
    Score,
    Asks,
    Vote,
    VoteTarget,
    Source,
    Of(&'static [&'static str]),
}
use Kind::*;

/// A key, the kind of its value, and how it may be left out: `!` never, `?` absent, `0` absent or null.
type Key = (&'static str, Kind, char);

const PROPOSAL: &[Key] = &[
    ("proposal", Id, '!'),
    ("kind", Of(&["co_animator", "community"]), '!'),
    ("person", Id, '!'),
    ("community", Id, '!'),
];
const ABSENCE: &[Key] = &[("person", Id, '!'), ("from", Day, '!'), ("until", Day, '!')];
const OFFER: &[Key] = &[
    ("person", Id, '!'),
    ("communities", Ids, '0'),
    ("topics", Names, '0'),
    ("hours_per_week", Hours, '0'),
    ("until", Day, '0'),
];
const INTEREST: &[Key] = &[
    ("person", Id, '!'),
    ("skill", Id, '!'),
    (
        "stance",
        Of(&["can_help", "can_mentor", "can_train", "wants_to_learn", "follows"]),
        '!',
    ),
];
const PART: &[Key] = &[
    ("person", Id, '!'),
    ("project", Id, '!'),
    ("role", Of(&["lead", "member"]), '!'),
];
const MEMBER: Key = ("role", Of(&["member", "animator"]), '!');
const ORIGIN: Key = ("origin", Of(&["declared", "imported"]), '!');
const REASON: Key = ("reason", Of(&["not_my_skill", "overloaded", "away", "other"]), '0');
const PERSON: &[Key] = &[("person", Id, '!')];
const PERSON_SKILL: &[Key] = &[("person", Id, '!'), ("skill", Id, '!')];
const TWO: &[Key] = &[("person", Id, '!'), ("same_as", Id, '!')];
const QUESTION: &[Key] = &[("question", Id, '!')];
const ANSWER: &[Key] = &[("answer", Id, '!')];

const TYPES: &[(&str, &[Key])] = &[
    (
        "person.upserted",
        &[
            ("person", Id, '!'),
            ("name", Name, '0'),
            ("unit", Unit, '0'),
            ("site", Name, '0'),
            ("title", Name, '0'),
            ("employer", Name, '0'),
            ("status", Name, '0'),
            ("languages", Languages, '0'),
            ("time_zone", Zone, '0'),
            ("joined", Day, '0'),
            ("external", Flag, '0'),
            ("heads", Units, '0'),
            ("url", Url, '0'),
        ],
    ),
    ("person.left", PERSON),
    ("identity.linked", TWO),
    ("identity.unlinked", TWO),
    (
        "unit.renamed",
        &[("from", Unit, '!'), ("to", Of(&["Another/Unit"]), '!')],
    ),
    (
        "skill.upserted",
        &[
            ("skill", Id, '!'),
            ("labels", Labels, '0'),
            ("aliases", Names, '0'),
            ("broader", Ids, '0'),
            ("uri", Url, '0'),
        ],
    ),
    (
        "skill.asserted",
        &[("person", Id, '!'), ("skill", Id, '!'), ORIGIN, ("level", Level, '0')],
    ),
    (
        "skill.asserted",
        &[
            ("person", Id, '!'),
            ("skill", Id, '!'),
            ("origin", Of(&["endorsed"]), '!'),
            ("by", Id, '0'),
        ],
    ),
    ("skill.retracted", &[("person", Id, '!'), ("skill", Id, '!'), ORIGIN]),
    ("skill.merged", &[("skill", Id, '!'), ("into", Of(&["elsewhere"]), '!')]),
    ("interest.declared", INTEREST),
    ("interest.withdrawn", INTEREST),
    (
        "project.upserted",
        &[
            ("project", Id, '!'),
            ("name", Name, '0'),
            ("topics", Names, '0'),
            ("community", Id, '0'),
            ("unit", Unit, '0'),
            ("starts", Day, '0'),
        ],
    ),
    ("participation.started", PART),
    ("participation.ended", PART),
    (
        "community.upserted",
        &[
            ("community", Id, '!'),
            ("name", Name, '0'),
            ("description", Body, '0'),
            ("kind", Of(&["interest", "practice", "unspecified"]), '!'),
            ("access", Of(&["open", "private"]), '!'),
            ("topics", Names, '0'),
            ("language", Language, '0'),
            ("unit", Unit, '0'),
            ("project", Id, '0'),
            ("sponsor", Id, '0'),
            ("charter_url", Url, '0'),
            ("sensitive", Flag, '0'),
            ("url", Url, '0'),
        ],
    ),
    (
        "community.objective_set",
        &[
            ("community", Id, '!'),
            ("problem", Name, '!'),
            ("measure", Of(&["holders", "first_answer"]), '!'),
            ("target", Target, '0'),
            ("review", Day, '0'),
        ],
    ),
    ("community.archived", &[("community", Id, '!')]),
    (
        "membership.added",
        &[
            ("person", Id, '!'),
            ("community", Id, '!'),
            MEMBER,
            ("since_unknown", Flag, '0'),
        ],
    ),
    (
        "membership.removed",
        &[("person", Id, '!'), ("community", Id, '!'), MEMBER],
    ),
    (
        "question.created",
        &[
            ("question", Id, '!'),
            ("asker", Id, '!'),
            ("title", Name, '!'),
            ("body", Body, '0'),
            ("body_format", Format, '0'),
            ("tags", Names, '0'),
            ("community", Id, '0'),
            ("language", Language, '0'),
            ("anonymous", Flag, '0'),
            ("url", Url, '0'),
        ],
    ),
    (
        "question.edited",
        &[
            ("question", Id, '!'),
            ("title", Name, '0'),
            ("body", Body, '0'),
            ("body_format", Format, '0'),
            ("tags", Names, '0'),
            ("community", Id, '0'),
        ],
    ),
    ("question.deleted", QUESTION),
    ("question.closed", QUESTION),
    ("question.reopened", QUESTION),
    (
        "answer.created",
        &[
            ("answer", Id, '!'),
            ("question", Id, '!'),
            ("author", Id, '!'),
            ("body", Body, '0'),
            ("body_format", Format, '0'),
            ("url", Url, '0'),
        ],
    ),
    ("answer.deleted", ANSWER),
    ("answer.accepted", ANSWER),
    ("answer.unaccepted", ANSWER),
    ("answer.scored", &[("answer", Id, '!'), ("score", Score, '!')]),
    (
        "vote.added",
        &[("target", VoteTarget, '!'), ("voter", Id, '!'), ("value", Vote, '!')],
    ),
    (
        "vote.removed",
        &[("target", VoteTarget, '!'), ("voter", Id, '!'), ("value", Vote, '0')],
    ),
    (
        "contribution.recorded",
        &[
            ("person", Id, '!'),
            ("community", Id, '0'),
            ("count", Count, '!'),
            ("topics", Names, '0'),
            (
                "form",
                Of(&["watch", "practice", "experience", "minutes", "document", "message"]),
                '0',
            ),
        ],
    ),
    (
        "animation.recorded",
        &[
            ("person", Id, '!'),
            ("community", Id, '!'),
            ("hours", Hours, '!'),
            ("estimated", Flag, '0'),
        ],
    ),
    ("animation.offered", OFFER),
    ("animation.withdrawn", OFFER),
    ("proposal.sent", PROPOSAL),
    ("proposal.accepted", PROPOSAL),
    ("proposal.declined", PROPOSAL),
    ("absence.set", ABSENCE),
    ("absence.cleared", ABSENCE),
    (
        "capacity.set",
        &[
            ("person", Id, '!'),
            ("asks_per_week", Asks, '0'),
            ("animation_hours_per_week", Hours, '0'),
        ],
    ),
    (
        "preference.set",
        &[
            ("person", Id, '!'),
            ("purpose", Of(&["experts", "search", "thanks", "all"]), '!'),
            ("allowed", Flag, '!'),
            ("until", Day, '0'),
        ],
    ),
    (
        "skill.visibility_set",
        &[
            ("person", Id, '!'),
            ("skill", Id, '!'),
            ("audience", Of(&["me", "animators", "organisation"]), '!'),
        ],
    ),
    ("skill.contested", PERSON_SKILL),
    ("skill.confirmed", PERSON_SKILL),
    (
        "ask.sent",
        &[
            ("ask", Id, '!'),
            ("question", Id, '!'),
            ("person", Id, '!'),
            ("recommendation", Id, '?'),
        ],
    ),
    ("ask.answered", &[("ask", Id, '!'), REASON]),
    ("ask.declined", &[("ask", Id, '!'), REASON]),
    ("ask.referred", &[("ask", Id, '!'), ("to", Id, '!')]),
    ("fact.retracted", &[("source", Source, '!'), ("id", Id, '!')]),
    (
        "feedback.given",
        &[
            ("recommendation", Id, '!'),
            ("subject", Id, '!'),
            ("verdict", Of(&["accepted", "declined", "not_relevant"]), '!'),
            ("by", Id, '0'),
        ],
    ),
];

/// A text that says something: wild around, with one letter within.
fn wild() -> impl Strategy<Value = String> {
    ("[\\PC\\s\u{301}\u{338}>]{0,12}", "[\\PC\\s\u{301}\u{338}>]{0,12}").prop_map(|(a, b)| format!("{a}x{b}"))
}

fn strings(item: BoxedStrategy<String>) -> BoxedStrategy<Value> {
    prop::collection::vec(item, 0..4).prop_map(|items| json!(items)).boxed()
}

fn date() -> impl Strategy<Value = String> {
    (1_i32..=12, 1_i32..=28).prop_map(|(month, day)| format!("2021-{month:02}-{day:02}"))
}

fn language() -> BoxedStrategy<String> {
    prop::sample::select(vec!["fr", "EN", "pt-br", "zh-hant", "de-ch-1996", "es-419"])
        .prop_map(str::to_owned)
        .boxed()
}

fn path() -> BoxedStrategy<String> {
    prop::collection::vec("[a-zé ]{0,4}x[a-z]{0,3}", 1..4)
        .prop_map(|names| names.join("/"))
        .boxed()
}

/// A text with pieces of mark-up and quotations that says something.
fn body() -> BoxedStrategy<Value> {
    let mark_up = prop::sample::select(vec!["<p>", "\n> ", "<pre>&gt;", "```\n", "Ana wrote:\n"]);
    let piece = prop_oneof![1 => wild(), 4 => mark_up.prop_map(str::to_owned)];
    prop::collection::vec(piece, 1..8)
        .prop_map(|pieces| json!(pieces.concat() + "\nx"))
        .boxed()
}

fn vote_target() -> BoxedStrategy<Value> {
    (prop::sample::select(vec!["question", "answer"]), "[^\\p{Cc}]{1,20}")
        .prop_map(|(key, id)| json!({ key: id }))
        .boxed()
}

fn value(kind: Kind) -> BoxedStrategy<Value> {
    let id = || "[^\\p{Cc}]{1,20}".boxed();
    let number = |least: f64, most: f64| (least..=most).prop_map(|value| json!(value)).boxed();
    let whole = |least: i64, most: i64| (least..=most).prop_map(|value| json!(value)).boxed();
    match kind {
        Id => id().prop_map(Value::from).boxed(),
        Name => wild().prop_map(Value::from).boxed(),
        Body => body(),
        Format => prop::sample::select(vec!["text", "markdown", "html"])
            .prop_map(Value::from)
            .boxed(),
        Names => strings(wild().boxed()),
        Ids => strings(id()),
        Labels => prop::collection::btree_map(prop::sample::select(vec!["fr", "en", "DE"]), wild(), 0..3)
            .prop_map(|labels| json!(labels))
            .boxed(),
        Unit => path().prop_map(Value::from).boxed(),
        Units => strings(path()),
        Url => "https://[a-zé]{1,9}\\.example/[a-z?&=%]{0,9}"
            .prop_map(Value::from)
            .boxed(),
        Language => language().prop_map(Value::from).boxed(),
        Languages => strings(language()),
        Zone => prop::sample::select(vec!["Europe/Paris", "utc", "america/cayenne"])
            .prop_map(Value::from)
            .boxed(),
        Day => date().prop_map(Value::from).boxed(),
        Flag => any::<bool>().prop_map(Value::from).boxed(),
        Level => number(0.0, 1.0),
        Hours => number(0.0, 168.0),
        Target => number(-1e9, 1e9),
        Count => whole(1, 1_000_000),
        Score => whole(-1_000_000_000, 1_000_000_000),
        Asks => whole(0, 100),
        Vote => prop::sample::select(vec![1, -1]).prop_map(Value::from).boxed(),
        VoteTarget => vote_target(),
        Source => "[a-z0-9-]{1,40}".prop_map(Value::from).boxed(),
        Of(choices) => prop::sample::select(choices).prop_map(Value::from).boxed(),
    }
}

/// One key, or its absence.
fn entry((key, kind, left_out): Key) -> BoxedStrategy<Option<(String, Value)>> {
    let present = value(kind).prop_map(move |value| Some((key.to_owned(), value)));
    match left_out {
        '!' => present.boxed(),
        _ => prop_oneof![3 => present, 1 => Just(None), 1 => Just(Some((key.to_owned(), Value::Null)))].boxed(),
    }
}

/// A span is given the right way round, and two accounts are two.
fn made_consistent(mut data: Map<String, Value>) -> Map<String, Value> {
    if let (Some(from), Some(until)) = (data.get("from").cloned(), data.get("until").cloned())
        && until.as_str() < from.as_str()
    {
        data.insert("from".to_owned(), until);
        data.insert("until".to_owned(), from);
    }
    if data.contains_key("same_as") {
        data.insert("same_as".to_owned(), json!("another account"));
    }
    data
}

/// The line of a random valid event.
pub(super) fn event() -> impl Strategy<Value = String> {
    prop::sample::select(TYPES)
        .prop_flat_map(|(kind, keys)| {
            let entries: Vec<_> = keys.iter().map(|key| entry(*key)).collect();
            let at = (date(), 0..24, 0..60, 0..1_000_000)
                .prop_map(|(day, hour, minute, micros)| format!("{day}T{hour:02}:{minute:02}:07.{micros:06}+02:00"));
            (Just(kind), entries, at, "[a-z0-9-]{1,40}", "[^\\p{Cc}]{1,30}")
        })
        .prop_map(|(kind, entries, at, source, id)| {
            let data = made_consistent(entries.into_iter().flatten().collect());
            json!({"id": id, "source": source, "type": kind, "at": at, "data": data}).to_string()
        })
}
