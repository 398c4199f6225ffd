//! A disk that forgets: what was written counts only once it was synced, and a name only once its folder was.

use std::collections::BTreeMap;
use std::path::Path;

use crate::trace::Op;

const SECTOR: usize = 512;

/// What survives a cut beyond what was synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Survives {
    /// Nothing.
    OnlySynced,
    /// A random part: some sectors of some writes, some first name changes. Seeded.
    Torn(u64),
    /// Everything, as after a mere crash of the program.
    Everything,
}

#[derive(Clone, Debug)]
enum Change {
    Write(u64, Vec<u8>),
    Truncate(u64),
}

#[derive(Clone, Debug, Default)]
struct File {
    durable: Vec<u8>,
    pending: Vec<Change>,
}

/// The state of the disk after some operations. Files are known by number, so that a name can change under them.
#[derive(Default)]
pub struct Disk {
    files: Vec<File>,
    names: BTreeMap<String, usize>,
    durable_names: BTreeMap<String, usize>,
    /// Name changes since the last sync of their folder, oldest first: the name, and the file it now stands for.
    pending_names: Vec<(String, Option<usize>)>,
    folders: Vec<String>,
    durable_folders: Vec<String>,
}

impl Disk {
    pub fn apply(&mut self, op: &Op) {
        match op {
            Op::Create(path) => {
                self.files.push(File::default());
                self.set_name(path, Some(self.files.len() - 1));
            }
            Op::MakeFolder(path) => self.folders.push(path.clone()),
            Op::Write(path, at, bytes) => self.file(path).pending.push(Change::Write(*at, bytes.clone())),
            Op::Truncate(path, length) => self.file(path).pending.push(Change::Truncate(*length)),
            Op::Sync(path) if self.names.contains_key(path) => {
                let file = self.file(path);
                for change in std::mem::take(&mut file.pending) {
                    change.apply_to(&mut file.durable, &mut |_| true);
                }
            }
            Op::Sync(folder) => self.sync_folder(folder),
            Op::Rename(from, to) => {
                let file = self.names.get(from).copied();
                self.set_name(from, None);
                self.set_name(to, file);
            }
            Op::Unlink(path) => self.set_name(path, None),
            Op::Said(_) => {}
        }
    }

    fn file(&mut self, path: &str) -> &mut File {
        let number = *self.names.get(path).unwrap_or_else(|| panic!("{path} was never made"));
        &mut self.files[number]
    }

    fn set_name(&mut self, path: &str, file: Option<usize>) {
        set(&mut self.names, path, file);
        self.pending_names.push((path.to_owned(), file));
    }

    fn sync_folder(&mut self, folder: &str) {
        let inside = |path: &str| Path::new(path).parent() == Some(Path::new(folder));
        let durable = &mut self.durable_names;
        self.pending_names.retain(|(path, file)| {
            if inside(path) {
                set(durable, path, *file);
            }
            !inside(path)
        });
        let made = self.folders.iter().filter(|made| inside(made));
        self.durable_folders.extend(made.cloned());
    }

    /// Writes what a power cut now would leave; paths lose the prefix `root` and gain `target`.
    pub fn rebuild(&self, survives: Survives, root: &str, target: &Path) {
        let mut dice = Dice::of(survives);
        let mut names = self.durable_names.clone();
        let kept_names = dice.up_to(self.pending_names.len());
        for (path, file) in &self.pending_names[..kept_names] {
            set(&mut names, path, *file);
        }
        let folders = if survives == Survives::OnlySynced {
            &self.durable_folders
        } else {
            &self.folders
        };
        for folder in folders {
            std::fs::create_dir_all(target.join(folder.trim_start_matches(root).trim_start_matches('/'))).unwrap();
        }
        for (path, number) in names {
            let to = target.join(path.trim_start_matches(root).trim_start_matches('/'));
            if !to.parent().is_some_and(Path::is_dir) {
                continue;
            }
            let file = &self.files[number];
            let mut content = file.durable.clone();
            for change in &file.pending {
                change.apply_to(&mut content, &mut |_| dice.keeps());
            }
            std::fs::write(to, content).unwrap();
        }
    }
}

fn set(names: &mut BTreeMap<String, usize>, path: &str, file: Option<usize>) {
    match file {
        Some(number) => names.insert(path.to_owned(), number),
        None => names.remove(path),
    };
}

impl Change {
    /// Applies the sectors that `keeps` lets through.
    fn apply_to(&self, content: &mut Vec<u8>, keeps: &mut dyn FnMut(usize) -> bool) {
        match self {
            Self::Truncate(length) => {
                if keeps(0) {
                    content.resize(*length as usize, 0);
                }
            }
            Self::Write(at, bytes) => {
                let (mut from, end) = (*at as usize, *at as usize + bytes.len());
                while from < end {
                    let to = end.min((from / SECTOR + 1) * SECTOR);
                    if keeps(from / SECTOR) {
                        content.resize(content.len().max(to), 0);
                        content[from..to].copy_from_slice(&bytes[from - *at as usize..to - *at as usize]);
                    }
                    from = to;
                }
            }
        }
    }
}

/// Seeded decisions about what survives.
struct Dice {
    survives: Survives,
    state: u64,
    percent: u64,
}

impl Dice {
    fn of(survives: Survives) -> Self {
        let state = match survives {
            Survives::Torn(seed) => seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
            _ => 1,
        };
        let mut dice = Self {
            survives,
            state,
            percent: 0,
        };
        dice.percent = [5, 30, 60, 95][(dice.roll() % 4) as usize];
        dice
    }

    fn roll(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state >> 11
    }

    fn keeps(&mut self) -> bool {
        match self.survives {
            Survives::OnlySynced => false,
            Survives::Everything => true,
            Survives::Torn(_) => self.roll() % 100 < self.percent,
        }
    }

    /// How many of `count` changes, in their order, survive.
    fn up_to(&mut self, count: usize) -> usize {
        match self.survives {
            Survives::OnlySynced => 0,
            Survives::Everything => count,
            Survives::Torn(_) => (self.roll() % (count as u64 + 1)) as usize,
        }
    }
}
