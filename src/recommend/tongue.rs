//! The language and the manner of what people read.

/// The language of an answer's texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tongue {
    /// English.
    #[default]
    English,
    /// French.
    French,
}

impl Tongue {
    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
        }
    }

    /// The first language of an `Accept-Language` header that the texts exist in, by preference; English otherwise.
    pub fn accepted(header: &str) -> Self {
        let weigh = |part: &str| {
            let mut pieces = part.trim().split(';');
            let tag = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
            let quality = pieces
                .find_map(|p| p.trim().strip_prefix("q=")?.parse::<f64>().ok())
                .unwrap_or(1.0);
            let tongue = match tag.split('-').next() {
                Some("fr") => Some(Self::French),
                Some("en" | "*") => Some(Self::English),
                _ => None,
            };
            tongue.filter(|_| quality > 0.0).map(|tongue| (quality, tongue))
        };
        let mut best: Option<(f64, Self)> = None;
        for (quality, tongue) in header.split(',').filter_map(weigh) {
            if best.is_none_or(|(q, _)| quality > q) {
                best = Some((quality, tongue));
            }
        }
        best.map_or(Self::English, |(_, tongue)| tongue)
    }

    /// `words` between the quotation marks of the language.
    pub fn quoted(self, words: &str) -> String {
        match self {
            Self::English => format!("“{words}”"),
            Self::French => format!("« {words} »"),
        }
    }
}

/// How French texts address people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Manner {
    /// As `vous`.
    #[default]
    Vous,
    /// As `tu`.
    Tu,
}

impl Manner {
    /// The words for this manner.
    pub fn pick<T>(self, vous: T, tu: T) -> T {
        match self {
            Self::Vous => vous,
            Self::Tu => tu,
        }
    }
}

/// `names` in a row, the last one after `and`; empty when there is none.
pub fn list(names: &[String], and: &str) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {and} {last}", first.join(", ")),
    }
}

/// A word in `text` that rates somebody, in either language: no text that people read has one.
#[cfg(test)]
pub fn rating_word(text: &str) -> Option<&'static str> {
    let words = text.to_lowercase();
    let rating = [
        "top",
        "best",
        "score",
        "expert",
        "rank",
        "meilleur",
        "classement",
        "note ",
    ];
    rating.into_iter().find(|word| words.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_language_wins_and_english_is_the_fallback() {
        assert_eq!(Tongue::accepted("fr-CA,fr;q=0.9,en;q=0.8"), Tongue::French);
        assert_eq!(Tongue::accepted("en;q=0.4, fr;q=0.5"), Tongue::French);
        assert_eq!(Tongue::accepted("de, *;q=0.1"), Tongue::English);
        assert_eq!(Tongue::accepted("fr;q=0"), Tongue::English);
        assert_eq!(Tongue::accepted(""), Tongue::English);
    }
}
