//! Four ways into the demo company: a platform's plugin, an animator, somebody of HR, a colleague. One key each.

use crate::app::{KeyError, NewKey, Scope, Service};
use crate::cli::failure::Failure;
use crate::cli::machine::entropy;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::fmt::Write as _;
use std::net::SocketAddr;

/// Somebody who may come in, and what they would try.
struct Visitor {
    name: &'static str,
    scopes: &'static [Scope],
    sources: &'static [&'static str],
    person: Option<&'static str>,
    communities: &'static [&'static str],
    tries: &'static [Try],
}

/// A request to try.
struct Try {
    /// The path and query; what stands between braces is percent-encoded.
    target: &'static str,
    language: &'static str,
    body: Option<&'static str>,
    look_for: &'static str,
}

const VISITORS: [Visitor; 4] = [
    Visitor {
        name: "plugin",
        scopes: &[Scope::EventsWrite, Scope::RecommendRead],
        sources: &["demo"],
        person: None,
        communities: &[],
        tries: &[
            Try {
                target: "/v1/questions/{q/interimaire-armoire}/experts",
                language: "fr",
                body: None,
                look_for: "May a temporary worker re-close a tripped motor feeder? Look for Yannick Kerambrun in the first \
                           wave: he answered a question that shares the matter and hardly a word; those who animate the \
                           community come after him.",
            },
            Try {
                target: "/v1/questions/{q/merge-five-minute-readings}/experts",
                language: "en",
                body: None,
                look_for: "Python freezes on two years of readings. Look for Daniel Osei-Kumah, who solved the same for \
                           river levels, and for nobody who only ever merged meters in SQL.",
            },
        ],
    },
    Visitor {
        name: "animator",
        scopes: &[Scope::Animator, Scope::RecommendRead, Scope::SearchRead],
        sources: &[],
        person: Some("bruno.castelnaud"),
        communities: &["com/securite-terrain"],
        tries: &[
            Try {
                target: "/v1/questions?community={com/securite-terrain}&status=unanswered",
                language: "fr",
                body: None,
                look_for: "Bruno Castelnaud animates the community on safety in the field: the questions that wait there.",
            },
            Try {
                target: "/v1/communities/{com/securite-terrain}",
                language: "fr",
                body: None,
                look_for: "Its card: who animates it, its circles month by month, how its questions fare, and what is worth \
                           attention, each with a way of animating. Nothing of what any one person does.",
            },
            Try {
                target: "/v1/communities/{com/securite-terrain}/digest",
                language: "fr",
                body: None,
                look_for: "A text that he edits and sends: questions that wait, ideas, thanks.",
            },
        ],
    },
    Visitor {
        name: "hr",
        scopes: &[Scope::HrRead, Scope::SearchRead],
        sources: &[],
        person: None,
        communities: &[],
        tries: &[
            Try {
                target: "/v1/names/people?q=perodo",
                language: "fr",
                body: None,
                look_for: "A name as it was heard on the telephone: look for Julien Perraudeau.",
            },
            Try {
                target: "/v1/people/{gilles.bonnafet}",
                language: "fr",
                body: None,
                look_for: "The card of Gilles Bonnafet, who alone holds the subject of turbines and offers to pass it on. \
                           It shows what he declared; nothing of his activity, his absences or his load.",
            },
        ],
    },
    Visitor {
        name: "member",
        scopes: &[
            Scope::Member,
            Scope::RecommendRead,
            Scope::SearchRead,
            Scope::EventsWrite,
        ],
        sources: &["demo"],
        person: Some("elvire.maljournat"),
        communities: &[],
        tries: &[
            Try {
                target: "/v1/experts",
                language: "en",
                body: Some(
                    r#"{"title":"Eel brushes on a weir","body":"Which brushes let small eels climb a concrete weir?"}"#,
                ),
                look_for: "Elvire Maljournat, who has just joined, writes a question on fish passage. Look for Rowan \
                       Hebblethorne in Leeds, the only colleague who holds the subject.",
            },
            Try {
                target: "/v1/people/{elvire.maljournat}/communities",
                language: "fr",
                body: None,
                look_for: "Where Elvire may belong: look for the community on fish passage, which shares her subjects, for \
                       whom she could greet there, and for a step aside at the end of the page.",
            },
        ],
    },
];

/// A visitor with their key in clear.
pub(super) struct Guest {
    visitor: &'static Visitor,
    key: String,
}

/// Makes a key for every visitor.
pub(super) fn admit(service: &Service) -> Result<Vec<Guest>, Failure> {
    let admit = |visitor: &'static Visitor| {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let wish = NewKey {
            name: format!("demo-{}", visitor.name),
            scopes: visitor.scopes.iter().map(|scope| scope.name().to_owned()).collect(),
            sources: owned(visitor.sources),
            person: visitor.person.map(str::to_owned),
            communities: owned(visitor.communities),
            ..NewKey::default()
        };
        let key = service
            .create_key(&wish, entropy()?, None)
            .map_err(|error: KeyError| Failure::from(error))?;
        Ok(Guest { visitor, key })
    };
    VISITORS.iter().map(admit).collect()
}

/// What to do now, as lines for a terminal; those to copy begin with `curl`.
pub(super) fn invitation(at: SocketAddr, guests: &[Guest]) -> String {
    let mut text = format!(
        "The demo company is at http://{at} until you press Ctrl-C; the routes are described at http://{at}/docs/. Come in as \
         one of four:\n"
    );
    for Guest { visitor, key } in guests {
        let scopes: Vec<_> = visitor.scopes.iter().map(|scope| scope.name()).collect();
        // Writing into a string cannot fail.
        let _ = write!(text, "\n{}: {key}\n  may {}", visitor.name, scopes.join(", "));
        if let Some(person) = visitor.person {
            let _ = write!(text, "; speaks for {person}");
        }
        text.push('\n');
        for attempt in visitor.tries {
            let body = attempt.body.map(|body| format!(" --data '{body}'")).unwrap_or_default();
            let _ = write!(
                text,
                "\n{}\ncurl -s -H 'Authorization: Bearer {key}' -H 'Accept-Language: {}'{body} 'http://{at}{}'\n",
                attempt.look_for,
                attempt.language,
                encoded(attempt.target)
            );
        }
    }
    text
}

/// The target with what stands between braces percent-encoded.
fn encoded(target: &str) -> String {
    let parts = target.split(['{', '}']).enumerate();
    let part = |(n, part): (usize, &str)| {
        if n % 2 == 1 {
            utf8_percent_encode(part, NON_ALPHANUMERIC).to_string()
        } else {
            part.to_owned()
        }
    };
    parts.map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_invitation_has_lines_that_a_shell_takes() {
        let guests: Vec<_> = VISITORS
            .iter()
            .map(|visitor| Guest {
                visitor,
                key: format!("antenne_{}", visitor.name),
            })
            .collect();
        let text = invitation("127.0.0.1:7411".parse().unwrap(), &guests);
        let lines: Vec<_> = text.lines().filter(|line| line.starts_with("curl ")).collect();
        assert_eq!(
            lines.len(),
            VISITORS.iter().map(|visitor| visitor.tries.len()).sum::<usize>()
        );
        assert!(lines[0].ends_with("'http://127.0.0.1:7411/v1/questions/q%2Finterimaire%2Darmoire/experts'"));
        assert!(lines.iter().all(|line| line.matches('\'').count() % 2 == 0), "{text}");
        for visitor in &VISITORS {
            assert!(
                text.contains(&format!("\n{}: antenne_{}\n", visitor.name, visitor.name)),
                "{text}"
            );
        }
    }
}
