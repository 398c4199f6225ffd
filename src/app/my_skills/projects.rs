//! Projects in which somebody took or takes part, and what they say of it.
//!
//! A part that is withdrawn ends in the instant in which it began: it says nothing any more, to nobody.

use super::MyProject;
use crate::app::answers::QueryError;
use crate::app::ingest::IngestReport;
use crate::app::own::{Said, StatementError, instant};
use crate::app::service::Service;
use crate::domain::{Day, EventType, ProjectRole, Timestamp};
use crate::signals::skills::is_withdrawn;
use crate::world::{ParticipationState, PersonIx, ProjectIx, View};
use serde_json::{Value, json};

/// A part in a project.
pub type PartRole = ProjectRole;

/// What somebody says of their part in a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartChange {
    /// Which part.
    pub role: PartRole,
    /// The first day; today unless given. An earlier one that was stated before stays.
    pub since: Option<Day>,
    /// The last day, once it is over; not ahead.
    pub until: Option<Day>,
}

/// The projects of `person`, past and present, the newest first, then by identifier; withdrawn parts left out.
pub(super) fn of(view: &View, person: PersonIx) -> Vec<MyProject> {
    let parts = view
        .accounts(person)
        .flat_map(|account| &view.people.get(account).participations);
    let told = parts
        .filter(|(_, part)| !is_withdrawn(part))
        .map(|&((project, role), part)| {
            let node = view.projects.get(project);
            MyProject {
                project: node.id.clone(),
                name: node.state.as_ref().and_then(|s| s.name.clone()),
                role,
                since: part.since.day(),
                // It ends with the last instant of a day, which the next one begins.
                until: part
                    .ended
                    .map(|ended| ended.plus_micros(-1).day().max(part.since.day())),
            }
        });
    let mut projects: Vec<MyProject> = told.collect();
    projects.sort_by(|a, b| {
        b.since
            .cmp(&a.since)
            .then_with(|| (&a.project, a.role).cmp(&(&b.project, b.role)))
    });
    projects.dedup();
    projects
}

impl Service {
    /// Takes in that the person called `id` takes or took part in `project`.
    ///
    /// # Errors
    /// When nobody of that name or no such project is known; from the future, when it could not be written.
    pub fn say_of_project(
        &self,
        id: &str,
        project: &str,
        change: PartChange,
    ) -> Result<impl Future<Output = Result<IngestReport, StatementError>> + Send + use<>, QueryError> {
        let snapshot = self.snapshot();
        let part = Part::on(&snapshot.view, id, project)?;
        Ok(self.say(&part.events(change, instant(&snapshot.view, self.now()))))
    }

    /// Takes back that the person called `id` took part in `project`, whoever said so.
    ///
    /// # Errors
    /// As [`Self::say_of_project`].
    pub fn withdraw_project(
        &self,
        id: &str,
        project: &str,
    ) -> Result<impl Future<Output = Result<IngestReport, StatementError>> + Send + use<>, QueryError> {
        let snapshot = self.snapshot();
        let part = Part::on(&snapshot.view, id, project)?;
        Ok(self.say(&part.withdrawal()))
    }
}

/// Whose part in what.
struct Part<'a> {
    view: &'a View,
    person: PersonIx,
    project: ProjectIx,
}

impl<'a> Part<'a> {
    fn on(view: &'a View, id: &str, project: &str) -> Result<Self, QueryError> {
        let person = view.person(id).ok_or(QueryError::NotFound("person"))?;
        let known = |&project: &ProjectIx| {
            let described = view.projects.get(project).state.is_some();
            described
                || view
                    .accounts(person)
                    .any(|account| Self::parts(view, account, project).next().is_some())
        };
        let found = view.projects.find(project).filter(known);
        Ok(Self {
            project: found.ok_or(QueryError::NotFound("project"))?,
            view,
            person,
        })
    }

    fn parts(
        view: &'a View,
        account: PersonIx,
        project: ProjectIx,
    ) -> impl Iterator<Item = (ProjectRole, ParticipationState)> + 'a {
        let parts = view.people.get(account).participations.iter();
        parts
            .filter(move |((p, _), _)| *p == project)
            .map(|((_, role), part)| (*role, *part))
    }

    fn events(&self, change: PartChange, now: Timestamp) -> Vec<Said> {
        let own = Self::parts(self.view, self.person, self.project).find(|(role, _)| *role == change.role);
        let own = own.map(|(_, part)| part);
        let asked = change.since.map_or(now, Day::start).min(now);
        // After a withdrawal, a new part begins behind it.
        let withdrawn = own.filter(is_withdrawn).map(|part| part.since.plus_micros(1));
        let since = withdrawn.map_or(asked, |first| asked.max(first));
        let data = self.data(self.person, change.role);
        let mut said = Vec::new();
        let lasts = own.is_some_and(|part| part.ended.is_none());
        let is_told = |part: ParticipationState| {
            !is_withdrawn(&part) && part.since <= since && change.until.is_none() == part.ended.is_none()
        };
        if !own.is_some_and(is_told) || (lasts && change.until.is_none() && own.is_some_and(|part| since < part.since))
        {
            let data = data.clone();
            said.push(Said {
                kind: EventType::ParticipationStarted,
                data,
                at: since,
            });
        }
        if let Some(until) = change.until {
            let at = until.plus(1).start().min(now).max(since.plus_micros(1));
            if own.and_then(|part| part.ended) != Some(at) {
                said.push(Said {
                    kind: EventType::ParticipationEnded,
                    data,
                    at,
                });
            }
        }
        said
    }

    /// Ends every part in the instant in which it began.
    fn withdrawal(&self) -> Vec<Said> {
        let accounts = self.view.accounts(self.person);
        let parts = accounts.flat_map(|account| {
            Self::parts(self.view, account, self.project).map(move |(role, part)| (account, role, part))
        });
        let open = parts.filter(|(.., part)| !is_withdrawn(part));
        let said = open.map(|(account, role, part)| Said {
            kind: EventType::ParticipationEnded,
            data: self.data(account, role),
            at: part.since,
        });
        said.collect()
    }

    fn data(&self, account: PersonIx, role: ProjectRole) -> Value {
        let role = match role {
            ProjectRole::Lead => "lead",
            ProjectRole::Member => "member",
        };
        let (person, project) = (
            &self.view.people.get(account).id,
            &self.view.projects.get(self.project).id,
        );
        json!({"person": person.as_str(), "project": project.as_str(), "role": role})
    }
}
