//! The rules, each a reading of the syntax tree of one file.

use crate::house::{Room, room_of};
use std::fmt;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

/// Lines of a file, tests left out.
const FILE_LINES: usize = 400;
/// Lines of a function.
const FUNCTION_LINES: usize = 70;
/// What a path may begin with without leaving the standard library, primitive types included.
const OWN_ROOTS: [&str; 22] = [
    "std", "core", "crate", "self", "super", "Self", "bool", "char", "str", "f32", "f64", "u8", "u16", "u32", "u64",
    "u128", "usize", "i8", "i16", "i32", "i64", "isize",
];

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    Arrow { line: usize, from: Room, to: Room },
    NoDescription,
    LongFile { lines: usize },
    LongFunction { line: usize, name: String, lines: usize },
    Word { line: usize, word: &'static str },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arrow { line, from, to } => write!(f, "line {line}: {from:?} may not see {to:?}"),
            Self::NoDescription => f.write_str("it does not begin with `//!`: say what the file is for"),
            Self::LongFile { lines } => write!(f, "{lines} lines without tests; at most {FILE_LINES}"),
            Self::LongFunction { line, name, lines } => {
                write!(f, "line {line}: `{name}` has {lines} lines; at most {FUNCTION_LINES}")
            }
            Self::Word { line, word } => write!(f, "line {line}: {word} does not belong on this floor"),
        }
    }
}

/// Everything that is wrong with the file at `path` below `src`.
pub fn faults(path: &str, text: &str) -> Vec<Fault> {
    let room = room_of(path).unwrap_or_else(|| panic!("{path} is not a room of the house"));
    let tree = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let (modules, imports) = own_names(&tree);
    let mut reader = Reader {
        room,
        module: module_of(path),
        modules,
        imports,
        faults: Vec::new(),
        test_lines: 0,
    };
    if !text.starts_with("//!") {
        reader.faults.push(Fault::NoDescription);
    }
    // A file of tests beside the code is held to its description only.
    if path.ends_with("/tests.rs") || path.contains("/tests/") {
        return reader.faults;
    }
    reader.visit_file(&tree);
    let lines = text.lines().count() - reader.test_lines;
    if lines > FILE_LINES {
        reader.faults.push(Fault::LongFile { lines });
    }
    reader.faults
}

/// The names of the modules in which the file at `path` below `src` lies, its own last.
fn module_of(path: &str) -> Vec<String> {
    let mut names: Vec<String> = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if matches!(names.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        names.pop();
    }
    names
}

/// The names of a file's modules, and those that its imports bring: a path may begin with them.
fn own_names(tree: &syn::File) -> (Vec<String>, Vec<String>) {
    fn leaves(tree: &syn::UseTree, names: &mut Vec<String>) {
        match tree {
            syn::UseTree::Path(path) => leaves(&path.tree, names),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, names)),
            syn::UseTree::Name(name) => names.push(name.ident.to_string()),
            syn::UseTree::Rename(rename) => names.push(rename.rename.to_string()),
            syn::UseTree::Glob(_) => {}
        }
    }
    let (mut modules, mut imports) = (Vec::new(), Vec::new());
    for item in &tree.items {
        match item {
            syn::Item::Mod(module) => modules.push(module.ident.to_string()),
            syn::Item::Use(item) => leaves(&item.tree, &mut imports),
            _ => {}
        }
    }
    (modules, imports)
}

struct Reader {
    room: Room,
    /// The modules in which what is read lies, from the outermost.
    module: Vec<String>,
    /// The modules of the file.
    modules: Vec<String>,
    /// The names that it imports.
    imports: Vec<String>,
    faults: Vec<Fault>,
    test_lines: usize,
}

impl Reader {
    fn word(&mut self, line: usize, word: &'static str) {
        let fault = Fault::Word { line, word };
        if !self.room.may_use(word) && !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// The name that `names` has below the crate's root, when that is where it begins: as `crate::name`, or so many `super`s
    /// up.
    fn below_root<'n>(&self, names: &'n [String]) -> Option<&'n str> {
        let up = names.iter().take_while(|name| *name == "super" || *name == "self");
        let (steps, supers) = up.fold((0, 0), |(steps, supers), name| {
            (steps + 1, supers + usize::from(name == "super"))
        });
        let first = names.first()?;
        match names.get(steps.max(1)) {
            Some(name) if first == "crate" => Some(name),
            Some(name) if supers > 0 && supers == self.module.len() => Some(name),
            _ => None,
        }
    }

    /// A path as it stands in the code: `names` from its beginning.
    fn path(&mut self, line: usize, names: &[String]) {
        let name = |n: usize| names.get(n).map(String::as_str);
        if let Some(module) = self.below_root(names) {
            if let Some(to) = room_of(module).filter(|&to| to != self.room && !self.room.sees().contains(&to)) {
                self.faults.push(Fault::Arrow {
                    line,
                    from: self.room,
                    to,
                });
            }
            return;
        }
        if let (Some(root), Some(_)) = (name(0), name(1))
            && root.starts_with(|c: char| c.is_ascii_lowercase())
            && !OWN_ROOTS.contains(&root)
            && !self.modules.iter().chain(&self.imports).any(|own| own == root)
        {
            self.word(line, "an external crate");
        }
        match (name(0), name(1)) {
            (Some("std"), Some("fs")) => self.word(line, "std::fs"),
            (Some("std"), Some("net")) => self.word(line, "std::net"),
            (Some("tokio"), _) => self.word(line, "tokio"),
            (Some("rusqlite"), _) => self.word(line, "rusqlite"),
            (Some("rayon"), _) => self.word(line, "rayon"),
            (Some("axum"), _) => self.word(line, "axum"),
            (Some("serde"), Some(_)) => self.word(line, "serde"),
            _ => {}
        }
    }

    fn use_tree(&mut self, tree: &syn::UseTree, before: &mut Vec<String>) {
        match tree {
            syn::UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.use_tree(&path.tree, before);
                before.pop();
            }
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.use_tree(tree, before)),
            leaf => {
                let mut names = before.clone();
                match leaf {
                    syn::UseTree::Name(name) => names.push(name.ident.to_string()),
                    syn::UseTree::Rename(rename) => names.push(rename.ident.to_string()),
                    _ => {}
                }
                self.path(leaf.span().start().line, &names);
            }
        }
    }

    fn function(&mut self, name: &syn::Ident, span: proc_macro2::Span) {
        let lines = span.end().line - span.start().line + 1;
        if lines > FUNCTION_LINES {
            let fault = Fault::LongFunction {
                line: span.start().line,
                name: name.to_string(),
                lines,
            };
            self.faults.push(fault);
        }
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|a| {
        let of_tests = |list: &syn::MetaList| list.path.is_ident("cfg") && list.tokens.to_string() == "test";
        matches!(&a.meta, syn::Meta::List(list) if of_tests(list))
    })
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if is_test(&module.attrs) {
            let span = module.span();
            self.test_lines += span.end().line - span.start().line + 1;
        } else {
            self.module.push(module.ident.to_string());
            visit::visit_item_mod(self, module);
            self.module.pop();
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        // What an import names may be what it brings.
        let brought = std::mem::take(&mut self.imports);
        self.use_tree(&item.tree, &mut Vec::new());
        self.imports = brought;
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        self.path(path.span().start().line, &names);
        visit::visit_path(self, path);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if attribute.path().is_ident("allow") {
            self.faults.push(Fault::Word {
                line: attribute.span().start().line,
                word: "#[allow]",
            });
        }
        if let syn::Meta::List(list) = &attribute.meta {
            if list.path.is_ident("derive") && list.tokens.to_string().contains("serialize") {
                self.word(attribute.span().start().line, "serde");
            }
            let derives = list.tokens.to_string();
            if list.path.is_ident("derive") && (derives.contains("Serialize") || derives.contains("Deserialize")) {
                self.word(attribute.span().start().line, "serde");
            }
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !is_test(&item.attrs) {
            self.function(&item.sig.ident, item.span());
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig.ident, item.span());
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        self.function(&item.sig.ident, item.span());
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if call.method == "unwrap" && call.args.is_empty() {
            self.word(call.method.span().start().line, ".unwrap()");
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, invoked: &'ast syn::Macro) {
        let name = invoked
            .path
            .segments
            .last()
            .map(|s| s.ident.to_string())
            .unwrap_or_default();
        let line = invoked.span().start().line;
        match name.as_str() {
            "println" | "eprintln" | "print" | "eprint" | "dbg" => self.word(line, "println!"),
            "todo" | "unimplemented" => self.word(line, "todo!"),
            _ => {}
        }
        visit::visit_macro(self, invoked);
    }

    fn visit_lit_str(&mut self, literal: &'ast syn::LitStr) {
        let value = literal.value();
        let statements = ["SELECT ", "INSERT INTO ", "DELETE FROM ", "CREATE TABLE ", "PRAGMA "];
        if statements.iter().any(|statement| value.contains(statement)) {
            self.word(literal.span().start().line, "SQL");
        }
    }
}
