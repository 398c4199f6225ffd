//! The server's own maps: a thread that looks now and then whether a release of the skill map is due, and makes it beside
//! the requests, at the lowest priority.

use super::failure::Failure;
use super::rounds::{Pace, Rounds};
use crate::app::Service;
use std::ops::ControlFlow;
use std::sync::{Arc, Weak};
use std::time::Duration;

const PACE: Pace = Pace {
    first: Duration::from_secs(2),
    between: Duration::from_mins(10),
};

/// Publishes for `service` whenever a release is due, until what is returned is dropped; nothing while maps are off. That they
/// are on, how careful they are, and whether they count conclusions, stands in the audit log.
///
/// # Errors
/// When the system gives no thread, or the audit log cannot be written.
pub fn start(service: &Arc<Service>) -> Result<Option<Rounds>, Failure> {
    let rules = service.skill_map_rules();
    let said = rules.map_or_else(
        || "off".to_owned(),
        |rules| format!("k {}{}", rules.k, if rules.inferred { ", inferred" } else { "" }),
    );
    service
        .audit_switches(&[("skill_maps", said)])
        .map_err(|error| Failure::new(error.to_string()))?;
    let service = Arc::downgrade(service);
    rules
        .map(|_| Rounds::start("skill-map", PACE, move |_| publish(&service)))
        .transpose()
}

fn publish(service: &Weak<Service>) -> ControlFlow<()> {
    let Some(service) = service.upgrade() else {
        return ControlFlow::Break(());
    };
    if service.skill_map_due() {
        match service.publish_skill_map() {
            Ok(release) => tracing::info!(release = release.number, "a skill map was published"),
            Err(error) => tracing::warn!(%error, "no skill map was published: trying again in ten minutes"),
        }
    }
    ControlFlow::Continue(())
}
