//! How many people have a skill.

use super::{Family, Skills};
use crate::pipeline::{Round, Scale, Signal};

/// √ of the share of all people who openly have it. In 0..=1. Better: what nearly everybody has, somebody more likely has. It
/// cites nothing, and concludes nothing by itself. Cost: one look-up.
pub struct Common;

impl Signal<Skills> for Common {
    fn name(&self) -> &'static str {
        "common"
    }

    fn family(&self) -> Family {
        Family::Likeness
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Skills>, out: &mut [f64]) {
        for (skill, strength) in round.subjects.iter().zip(out) {
            *strength = round.query.near.get(&skill).map_or(0.0, |near| near.share.sqrt());
        }
    }
}
