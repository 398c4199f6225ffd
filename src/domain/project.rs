//! Projects and who takes part in them.

use super::{CommunityId, Day, Patch, UnitPath};
use std::sync::Arc;

/// What one `project.upserted` says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ProjectPatch {
    /// The project's name.
    pub name: Patch<Arc<str>>,
    /// Subjects, matched whole.
    pub topics: Patch<Vec<Arc<str>>>,
    /// The community that accompanies it.
    pub community: Patch<CommunityId>,
    /// The unit that carries it.
    pub unit: Patch<UnitPath>,
    /// First day.
    pub starts: Patch<Day>,
    /// Last day.
    pub ends: Patch<Day>,
}

/// A person's part in a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProjectRole {
    /// Leads it.
    Lead,
    /// Works on it.
    Member,
}
