//! The same signal, weighed apart for whoever belongs nowhere yet and for whoever belongs already: they choose otherwise.

use super::{Communities, Family, NewcomerQuery, Proof};
use crate::pipeline::{Round, Scale, Signal};
use crate::world::{CommunityIx, View};

impl NewcomerQuery {
    /// Whether the person belongs nowhere yet.
    pub fn is_cold(&self) -> bool {
        self.own.is_empty()
    }
}

/// A signal as it counts for whoever belongs nowhere yet: 0 for everybody else. Direction, range and cost are the signal's.
pub struct Cold<S>(pub S);

/// A signal, under a name of its own, as it counts for whoever belongs somewhere: 0 for everybody else. Direction, range and
/// cost are the signal's.
pub struct Warm<S>(pub &'static str, pub S);

impl<S: Signal<Communities>> Signal<Communities> for Cold<S> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn family(&self) -> Family {
        self.0.family()
    }

    fn scale(&self) -> Scale {
        self.0.scale()
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        if round.query.is_cold() {
            self.0.measure(round, out);
        }
    }

    fn theme(&self) -> &'static str {
        self.0.theme()
    }

    fn facts(&self, view: &View, query: &NewcomerQuery, community: CommunityIx) -> Vec<Proof> {
        self.0.facts(view, query, community)
    }
}

impl<S: Signal<Communities>> Signal<Communities> for Warm<S> {
    fn name(&self) -> &'static str {
        self.0
    }

    fn family(&self) -> Family {
        self.1.family()
    }

    fn scale(&self) -> Scale {
        self.1.scale()
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        if !round.query.is_cold() {
            self.1.measure(round, out);
        }
    }

    fn theme(&self) -> &'static str {
        self.1.theme()
    }

    fn facts(&self, view: &View, query: &NewcomerQuery, community: CommunityIx) -> Vec<Proof> {
        self.1.facts(view, query, community)
    }
}
