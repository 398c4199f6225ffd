//! Reads what `strace -f -y -xx` wrote, and turns it into the operations on one folder, in order. Fails on a line that
//! it cannot follow: a missed write would make the replay kinder than a real power cut.

use std::collections::HashMap;

/// Something that happened to the folder, or that the program said about it.
#[derive(Clone, Debug)]
pub enum Op {
    /// A file was made (its name is not durable yet).
    Create(String),
    /// A folder was made.
    MakeFolder(String),
    /// Bytes were written at an offset.
    Write(String, u64, Vec<u8>),
    /// A file got this length.
    Truncate(String, u64),
    /// A file, or a folder with its names, was made durable.
    Sync(String),
    /// A file took another name.
    Rename(String, String),
    /// A name was removed.
    Unlink(String),
    /// A line of the program.
    Said(String),
}

/// The system calls that can change a folder; `lseek` only moves the place of the next `write`.
pub const CALLS: &str = "openat,open,creat,write,pwrite64,writev,pwritev,pwritev2,lseek,fsync,fdatasync,sync_file_range,\
                         sync,syncfs,ftruncate,truncate,fallocate,rename,renameat,renameat2,link,linkat,unlink,unlinkat,\
                         mkdir,mkdirat,copy_file_range,sendfile,mmap";

/// The operations on files whose path begins with `root`.
pub fn parse(trace: &str, root: &str) -> Vec<Op> {
    let mut reader = Reader {
        root,
        offsets: HashMap::new(),
        files: Vec::new(),
        ops: Vec::new(),
    };
    let mut unfinished: HashMap<&str, String> = HashMap::new();
    for line in trace.lines() {
        let Some((pid, rest)) = line.split_once(' ') else {
            continue;
        };
        let rest = rest.trim_start();
        if let Some(begun) = rest.strip_suffix("<unfinished ...>") {
            unfinished.insert(pid, begun.to_owned());
        } else if let Some((_, end)) = rest.strip_prefix("<... ").and_then(|r| r.split_once("resumed>")) {
            let whole = unfinished.remove(pid).expect("a call resumes that began") + end;
            reader.call(&whole);
        } else if !rest.starts_with("+++") && !rest.starts_with("---") {
            reader.call(rest);
        }
    }
    reader.ops
}

struct Reader<'r> {
    root: &'r str,
    /// Where the next `write` of a descriptor goes.
    offsets: HashMap<i64, u64>,
    files: Vec<String>,
    ops: Vec<Op>,
}

impl Reader<'_> {
    fn call(&mut self, call: &str) {
        let (name, rest) = call
            .split_once('(')
            .unwrap_or_else(|| panic!("not a call: {call:.200}"));
        let (arguments, result) = rest
            .rsplit_once(" = ")
            .unwrap_or_else(|| panic!("no result: {call:.200}"));
        let arguments: Vec<&str> = arguments.trim_end().trim_end_matches(')').split(", ").collect();
        let result: i64 = result
            .split([' ', '<'])
            .next()
            .and_then(|n| n.parse().ok())
            .unwrap_or(0);
        if result < 0 {
            return;
        }
        match name {
            "openat" => self.open(&text(arguments[1]), arguments[2], result),
            "write" | "pwrite64" | "lseek" | "fsync" | "fdatasync" | "ftruncate" => {
                self.on_descriptor(name, &arguments, result);
            }
            "rename" => self.push_named(arguments[0], |a| Op::Rename(a, text(arguments[1]))),
            "unlink" => self.push_named(arguments[0], Op::Unlink),
            "mkdir" => self.push_named(arguments[0], Op::MakeFolder),
            // Only the index of the log may be mapped, and that is never durable.
            "mmap" => {
                let mapped = arguments[4]
                    .split_once('<')
                    .map(|(_, path)| unhex(path))
                    .unwrap_or_default();
                let mapped = String::from_utf8_lossy(&mapped).into_owned();
                let harmless = !mapped.starts_with(self.root) || mapped.ends_with("-shm");
                assert!(harmless, "{mapped} is mapped: its writes would be invisible");
            }
            other => {
                let hidden = arguments
                    .iter()
                    .any(|argument| String::from_utf8_lossy(&unhex(argument)).contains(self.root));
                assert!(!hidden, "the replay does not know {other}");
            }
        }
    }

    fn open(&mut self, path: &str, flags: &str, descriptor: i64) {
        self.offsets.insert(descriptor, 0);
        if !self.counts(path) {
            return;
        }
        assert!(
            !flags.contains("O_APPEND") && !flags.contains("O_SYNC") && !flags.contains("O_DSYNC"),
            "{flags}"
        );
        if flags.contains("O_CREAT") && !self.files.iter().any(|known| known == path) {
            self.files.push(path.to_owned());
            self.ops.push(Op::Create(path.to_owned()));
        } else if flags.contains("O_TRUNC") {
            self.ops.push(Op::Truncate(path.to_owned(), 0));
        }
    }

    fn on_descriptor(&mut self, name: &str, arguments: &[&str], result: i64) {
        let (number, path) = arguments[0].split_once('<').unwrap_or((arguments[0], ""));
        let number: i64 = number.parse().expect("a descriptor is a number");
        let path = String::from_utf8(unhex(path)).expect("paths are text");
        if name == "write" && number == 2 {
            self.ops.push(Op::Said(text(arguments[1])));
        }
        if !self.counts(&path) {
            return;
        }
        let offset = self.offsets.entry(number).or_default();
        match name {
            "lseek" => *offset = result as u64,
            "write" => {
                assert!(!arguments[1].ends_with("..."), "the trace cut a write short");
                let bytes = unhex(arguments[1])[..result as usize].to_vec();
                let at = *offset;
                *offset += result as u64;
                self.ops.push(Op::Write(path, at, bytes));
            }
            "pwrite64" => {
                let bytes = unhex(arguments[1])[..result as usize].to_vec();
                self.ops
                    .push(Op::Write(path, arguments[3].parse().expect("an offset"), bytes));
            }
            "ftruncate" => self
                .ops
                .push(Op::Truncate(path, arguments[1].parse().expect("a length"))),
            _ => self.ops.push(Op::Sync(path)),
        }
    }

    fn push_named(&mut self, argument: &str, op: impl FnOnce(String) -> Op) {
        let path = text(argument);
        if !self.counts(&path) {
            return;
        }
        let op = op(path);
        match &op {
            Op::Rename(from, to) => {
                self.files.retain(|known| known != from);
                self.files.push(to.clone());
            }
            Op::Unlink(path) => self.files.retain(|known| known != path),
            _ => {}
        }
        self.ops.push(op);
    }

    fn counts(&self, path: &str) -> bool {
        path.starts_with(self.root) && !path.ends_with("-shm")
    }
}

/// A quoted argument as text.
fn text(argument: &str) -> String {
    String::from_utf8(unhex(argument)).expect("names and lines are text")
}

/// The bytes of every `\xNN`, whatever stands around them.
fn unhex(argument: &str) -> Vec<u8> {
    let digit = |byte: u8| (byte as char).to_digit(16).expect("hexadecimal") as u8;
    let escaped = argument.split("\\x").skip(1).map(str::as_bytes);
    escaped.map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}
