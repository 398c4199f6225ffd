//! Which recommenders there are, by the names that commands, files and the wire know them by.

/// A recommender that has weights of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Recommender {
    /// Who could answer a question.
    Experts,
    /// Where a person may belong.
    Communities,
    /// Who could co-animate a community.
    CoAnimators,
    /// Who knows about something.
    Search,
    /// What somebody knows.
    Skills,
}

impl Recommender {
    /// All of them, each at the place of its [`Recommender::place`].
    pub const ALL: [Self; 5] = [
        Self::Experts,
        Self::Communities,
        Self::CoAnimators,
        Self::Search,
        Self::Skills,
    ];

    /// Its name on the wire and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Experts => "experts",
            Self::Communities => "communities",
            Self::CoAnimators => "co-animators",
            Self::Search => "search",
            Self::Skills => "skills",
        }
    }

    /// Its section in a file of weights.
    pub const fn section(self) -> &'static str {
        match self {
            Self::Experts => "experts",
            Self::Communities => "communities",
            Self::CoAnimators => "co_animators",
            Self::Search => "search",
            Self::Skills => "skills",
        }
    }

    /// Its place among all.
    pub const fn place(self) -> usize {
        self as usize
    }

    /// The one called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|recommender| recommender.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_found_by_its_name_and_stands_at_its_place() {
        for (place, recommender) in Recommender::ALL.into_iter().enumerate() {
            assert_eq!(recommender.place(), place);
            assert_eq!(Recommender::named(recommender.name()), Some(recommender));
        }
        assert_eq!(Recommender::named("co_animators"), None);
    }
}
