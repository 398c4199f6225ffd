//! The closed lists: findings, aims, and what a finding was made from.

macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// Every one, in the order in which they are told.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name in answers and in the playbook: stable across versions.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The one called `code`.
            pub fn of_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

coded! {
    /// What animating is for.
    Aim {
        /// People find together what none of them knew alone.
        CollectiveIntelligence = "collective_intelligence",
        /// People feel that they are part of it.
        Belonging = "belonging",
        /// People know where they want to go together.
        SharedVision = "shared_vision",
        /// People want to give some of their time.
        Commitment = "commitment",
    }
}

coded! {
    /// What is worth an animator's attention in a community, or a steward's in the network.
    Finding {
        /// Nobody animates the community.
        NoAnimator = "no_animator",
        /// On some days to come all its animators are away.
        CoverNeeded = "cover_needed",
        /// Its only animator does this for the first time.
        FirstTimeAnimatorAlone = "first_time_animator_alone",
        /// Newcomers wait for an answer.
        NewcomersWaiting = "newcomers_waiting",
        /// More questions than before stay without an answer.
        UnansweredRising = "unanswered_rising",
        /// A theme comes again and again, without an answer to refer to.
        AskedAgain = "asked_again",
        /// Half of the answers come from one person or two.
        AnswersFromFew = "answers_from_few",
        /// Subjects hang on one person or two.
        SubjectsOnFew = "subjects_on_few",
        /// Many more members for each animator than is usual in the organisation.
        ManyMembers = "many_members",
        /// Nothing was contributed for a long time.
        Quiet = "quiet",
        /// Of the network: communities that nobody animates.
        CommunitiesWithoutAnimator = "communities_without_animator",
        /// Of the network: communities grow, and will need more animators.
        AnimatorsNeeded = "animators_needed",
        /// Of the network: people animate more than they have hours for.
        AnimatorsStretched = "animators_stretched",
        /// Of the network: units that hardly answer each other.
        UnitsApart = "units_apart",
    }
}

impl Finding {
    /// Whether it is about the network, rather than about one community.
    pub const fn of_network(self) -> bool {
        matches!(
            self,
            Self::CommunitiesWithoutAnimator | Self::AnimatorsNeeded | Self::AnimatorsStretched | Self::UnitsApart
        )
    }

    /// Whether a text that is sent to the members may tell it: nothing of absences, of load, or of what only one person can
    /// be meant by.
    pub const fn may_be_sent(self) -> bool {
        !self.of_network()
            && !matches!(
                self,
                Self::CoverNeeded | Self::FirstTimeAnimatorAlone | Self::ManyMembers
            )
    }
}

/// A finding with the figures it was made from: as many as its sentence needs, and no names of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// What was found.
    pub finding: Finding,
    /// Its main count: days, people, questions, members, communities, pairs of units; 0 when it has none.
    pub count: usize,
    /// What the count is held against: the rate before in per cent, the members usual for an animator, the animators that
    /// there are; 0 when nothing.
    pub against: usize,
    /// Names of subjects or themes.
    pub names: Vec<String>,
}

impl Seen {
    /// `finding`, without figures.
    pub const fn of(finding: Finding) -> Self {
        Self {
            finding,
            count: 0,
            against: 0,
            names: Vec::new(),
        }
    }

    /// The same with its main count.
    #[must_use]
    pub const fn counting(mut self, count: usize) -> Self {
        self.count = count;
        self
    }

    /// The same with what its count is held against.
    #[must_use]
    pub const fn against(mut self, against: usize) -> Self {
        self.against = against;
        self
    }

    /// The same with names of subjects.
    #[must_use]
    pub fn naming(mut self, names: Vec<String>) -> Self {
        self.names = names;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_found_again() {
        for &finding in Finding::ALL {
            assert_eq!(Finding::of_code(finding.code()), Some(finding));
        }
        for &aim in Aim::ALL {
            assert_eq!(Aim::of_code(aim.code()), Some(aim));
        }
        assert_eq!(Finding::of_code("leaderboard"), None);
    }

    #[test]
    fn what_is_one_persons_own_is_never_sent() {
        let sent: Vec<_> = Finding::ALL.iter().filter(|f| f.may_be_sent()).collect();
        assert_eq!(sent.len(), 7, "{sent:?}");
        assert!(!Finding::CoverNeeded.may_be_sent(), "an absence");
        assert!(!Finding::AnimatorsStretched.may_be_sent(), "a load");
    }
}
