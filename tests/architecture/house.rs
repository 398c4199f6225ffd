//! The rooms of the house, the floor each lies on, and what each may see.

/// A room: a folder or file directly under `src`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    Calendar,
    Chance,
    Domain,
    Language,
    Parallel,
    World,
    Pipeline,
    Signals,
    Recommend,
    Replay,
    Fit,
    Store,
    Ingest,
    App,
    Evaluate,
    Http,
    Config,
    Cli,
    Root,
}

use Room::{
    App, Calendar, Chance, Cli, Config, Domain, Evaluate, Fit, Http, Ingest, Language, Parallel, Pipeline, Recommend,
    Replay, Root, Signals, Store, World,
};

/// The room of a path below `src`, or of a module named in a path that begins with `crate`.
pub fn room_of(path: &str) -> Option<Room> {
    Some(match path.split('/').next()?.trim_end_matches(".rs") {
        "calendar" => Calendar,
        "chance" => Chance,
        "parallel" => Parallel,
        "domain" => Domain,
        "language" => Language,
        "world" => World,
        "pipeline" => Pipeline,
        "signals" => Signals,
        "recommend" => Recommend,
        "replay" => Replay,
        "fit" => Fit,
        "store" => Store,
        "ingest" => Ingest,
        "app" => App,
        "evaluate" => Evaluate,
        "http" => Http,
        "config" => Config,
        "cli" => Cli,
        "lib" | "main" => Root,
        _ => return None,
    })
}

impl Room {
    /// The rooms that this one may name. Arrows go down only, and the sides of one floor do not meet.
    pub fn sees(self) -> &'static [Self] {
        match self {
            Chance | Domain | Language | Parallel | Store => &[],
            Pipeline | Calendar => &[Domain],
            World => &[Domain, Language],
            Ingest => &[Calendar, Domain, Language],
            Signals => &[Chance, Domain, Language, Parallel, World, Pipeline],
            Recommend => &[Calendar, Domain, Parallel, World, Pipeline, Signals],
            Replay => &[Calendar, Chance, Domain, World, Signals, Ingest],
            Fit => &[Chance, Domain, World, Pipeline, Signals, Recommend, Replay],
            App => &[
                Calendar, Chance, Domain, Parallel, World, Pipeline, Signals, Recommend, Store, Ingest, Replay, Fit,
            ],
            Evaluate => &[Chance, Domain, World, Pipeline, Signals, Recommend, Ingest, Replay, Fit],
            Http => &[Calendar, Domain, App],
            Config => &[Calendar, Ingest],
            Cli | Root => &[
                Calendar, Chance, Domain, Parallel, World, Pipeline, Signals, Recommend, Store, Ingest, Replay, Fit,
                App, Evaluate, Http, Config, Cli,
            ],
        }
    }

    /// External crates and parts of the standard library that only some rooms may name.
    pub fn may_use(self, word: &str) -> bool {
        match word {
            "std::fs" => matches!(self, Store | Ingest | Config | Cli | Root),
            "std::net" => matches!(self, Http | Cli | Root),
            "tokio" => matches!(self, App | Http | Cli | Root),
            "rusqlite" | "SQL" => self == Store,
            "rayon" => self == Parallel,
            "axum" => matches!(self, Http | Cli),
            "serde" => matches!(self, Http | Ingest | Config | Cli),
            "println!" => matches!(self, Cli | Root),
            "an external crate" => !matches!(self, Chance | Domain),
            _ => false,
        }
    }
}
