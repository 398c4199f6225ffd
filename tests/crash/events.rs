//! Numbered events of many types: the same number is always the same event.

/// The line of event `n`.
#[expect(clippy::too_many_lines, reason = "one arm for each type of event")]
fn line(n: usize) -> String {
    let at = format!(
        "2024-03-{:02}T{:02}:{:02}:{:02}Z",
        1 + n / 3_600 % 28,
        n / 150 % 24,
        n / 60 % 60,
        n % 60
    );
    let (who, other) = (n % 97, n * 7 % 97);
    let (kind, data) = match n % 8 {
        0 => (
            "person.upserted",
            format!(
                r#"{{"person":"p{who}","name":"Person {who}","unit":"Works/Shop {}"}}"#,
                n % 5
            ),
        ),
        1 => (
            "community.upserted",
            format!(
                r#"{{"community":"c{}","name":"Club {}","kind":"practice","access":"open"}}"#,
                n % 11,
                n % 11
            ),
        ),
        2 => (
            "membership.added",
            format!(r#"{{"person":"p{who}","community":"c{}","role":"member"}}"#, n % 11),
        ),
        3 => (
            "question.created",
            format!(
                r#"{{"question":"q{n}","asker":"p{who}","title":"How does pump {n} start","body":"The valve of line {other} stays shut after the alarm.","tags":["pump","line-{}"],"community":"c{}"}}"#,
                n % 13,
                n % 11
            ),
        ),
        4 => (
            "answer.created",
            format!(r#"{{"answer":"a{n}","question":"q{}","author":"p{other}"}}"#, n - 1),
        ),
        5 => ("answer.accepted", format!(r#"{{"answer":"a{}"}}"#, n - 1)),
        6 => (
            "vote.added",
            format!(r#"{{"target":{{"answer":"a{}"}},"voter":"p{who}","value":1}}"#, n - 2),
        ),
        _ => (
            "fact.retracted",
            format!(r#"{{"source":"crash","id":"e{}"}}"#, n - 1 - n % 3),
        ),
    };
    format!(r#"{{"id":"e{n}","source":"crash","type":"{kind}","at":"{at}","data":{data}}}"#)
}

/// Events `from` to `from + count` as lines.
pub fn batch(from: usize, count: usize) -> String {
    (from..from + count).map(|n| line(n) + "\n").collect()
}

/// The ids of the same events.
pub fn ids(from: usize, count: usize) -> impl Iterator<Item = String> {
    (from..from + count).map(|n| format!("e{n}"))
}
