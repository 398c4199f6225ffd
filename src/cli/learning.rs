//! Learning a model inside a process that serves: on a thread of its own and of low priority, so that requests come first,
//! and so that a process that stops need not wait for it.

use super::failure::Failure;
use crate::app::{FitOutcome, Lesson, Proposal, Recommender, Service};
use crate::config::{Models, ModelsPool};
use crate::replay::{Habits, Pool};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// How often it is asked whether the outcome is still wanted.
const PATIENCE: Duration = Duration::from_millis(100);
/// The least of the priorities.
#[cfg(target_os = "linux")]
const NICEST: i32 = 19;

/// What hears how far a lesson is.
pub type Progress<'p> = &'p mut dyn FnMut(usize, usize);

/// What the thread that learns tells.
enum Told {
    Progress(usize, usize),
    Learnt(Box<Proposal>),
}

/// Which days of the past are learnt from, as far as the configuration says.
pub fn habits(models: &Models) -> Habits {
    let count = |number: u32| number as usize;
    Habits {
        from: models.from.as_deref().map(Into::into),
        min_members: models.min_members.map(count),
        max_batch: models.max_batch.map(count),
        pool: models.pool.map(|pool| match pool {
            ModelsPool::Members => Pool::Members,
            ModelsPool::Everyone => Pool::Everyone,
        }),
    }
}

/// Learns from what `service` holds, and adopts or refuses, as long as `wanted` says so.
///
/// # Errors
/// When nothing can be learnt now, or it is not wanted any more; nothing was changed then.
pub fn fit(
    service: &Service,
    threads: usize,
    wanted: &dyn Fn() -> bool,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<FitOutcome, Failure> {
    let lesson = service.lesson(wanted)?;
    let learn = move |lesson: Lesson, progress: Progress<'_>| lesson.learn(&Recommender::ALL, threads, progress);
    Ok(service.adopt(apart(lesson, learn, wanted, progress)?)?)
}

/// Learns on another thread, which goes on in vain once `wanted` says no.
///
/// # Errors
/// When it is not wanted any more, or the system gives no thread.
pub fn apart(
    lesson: Lesson,
    learn: impl FnOnce(Lesson, Progress<'_>) -> Proposal + Send + 'static,
    wanted: &dyn Fn() -> bool,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Proposal, Failure> {
    let (tell, told) = channel();
    let run = move || {
        yield_to_others();
        // Whoever no longer listens loses nothing.
        let mut progress = |done, all| drop(tell.send(Told::Progress(done, all)));
        let proposal = learn(lesson, &mut progress);
        drop(tell.send(Told::Learnt(Box::new(proposal))));
    };
    std::thread::Builder::new()
        .name("learning".to_owned())
        .spawn(run)
        .map_err(|error| Failure::new(format!("the system gives no thread: {error}")))?;
    loop {
        match told.recv_timeout(PATIENCE) {
            Ok(Told::Learnt(proposal)) => return Ok(*proposal),
            Ok(Told::Progress(done, all)) => progress(done, all),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Err(Failure::new("learning failed: see the log")),
        }
        if !wanted() {
            return Err(Failure::new("the server is stopping; run the command again later"));
        }
    }
}

/// Gives way to every other thread of the machine; threads that this one starts do the same. Elsewhere than on Linux a
/// priority is the whole process's, and stays as it is.
pub(super) fn yield_to_others() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICEST) {
        tracing::debug!(%error, "learning goes on at the usual priority");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_learnt_by_and_the_rest_is_read_off_the_past() {
        let habits = habits(&Models {
            from: Some("2024-01-31".to_owned()),
            max_batch: Some(0),
            pool: Some(ModelsPool::Everyone),
            ..Models::default()
        });
        assert_eq!(habits.from.as_deref(), Some("2024-01-31"));
        assert_eq!((habits.min_members, habits.max_batch), (None, Some(0)));
        assert_eq!(habits.pool, Some(Pool::Everyone));
    }
}
