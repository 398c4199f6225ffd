//! A release as bytes, and back. The form is the program's own; one of another form is not read.
//!
//! Whole numbers are written 7 bits a byte, the low ones first; texts behind their length. Anchors of a column are written
//! as differences, so that a release of many units stays small.

use super::release::{Column, Few, Figure, Inference, Lists, Release, Slice, Unmet};
use super::tell::{Anchor, Told};
use super::tree::Tree;
use crate::domain::Timestamp;

/// The form that this program writes.
const FORM: u64 = 3;
/// A form before it, which is read too: it counts questions that wait for a skill one by one, which are not read.
const WITH_QUESTIONS: u64 = 2;
/// The form before that, which knows no conclusions, whose slice is the last.
const WITHOUT_CONCLUSIONS: u64 = 1;
/// How it is written whether conclusions are counted, by place.
const INFERENCES: [Inference; 3] = [Inference::Never, Inference::Paused, Inference::Counted];

#[derive(Default)]
struct Pen(Vec<u8>);

impl Pen {
    fn whole(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    fn day(&mut self, day: i32) {
        // Small numbers on both sides of 0 are short.
        self.whole(u64::from(((day << 1) ^ (day >> 31)) as u32));
    }

    fn text(&mut self, text: &str) {
        self.whole(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    fn list<T>(&mut self, items: &[T], mut each: impl FnMut(&mut Self, &T)) {
        self.whole(items.len() as u64);
        items.iter().for_each(|item| each(self, item));
    }

    fn told(&mut self, told: &Told) {
        let (mut place, mut day) = (0, 0);
        self.list(&told.anchors, |pen, anchor| {
            pen.whole(u64::from(anchor.place - place));
            pen.whole(u64::from(anchor.people));
            pen.day(anchor.since - day);
            pen.whole(u64::from(anchor.fixed));
            (place, day) = (anchor.place, anchor.since);
        });
    }

    fn figure(&mut self, figure: &Figure) {
        match figure {
            Figure::Untold => self.whole(0),
            Figure::Same => self.whole(1),
            Figure::Told(told) => {
                self.whole(2);
                self.told(told);
            }
        }
    }
}

/// `release` as bytes.
pub(super) fn encode(release: &Release) -> Vec<u8> {
    let mut pen = Pen::default();
    pen.whole(FORM);
    pen.whole(u64::from(release.number));
    pen.whole(release.made.micros() as u64);
    pen.whole(release.generation);
    pen.whole(u64::from(release.k));
    pen.whole(release.inference as u64);
    pen.list(release.tree.paths(), |pen, path| pen.text(path));
    pen.figure(&release.people.clone().map_or(Figure::Untold, Figure::Told));
    pen.list(&release.columns, |pen, column| {
        pen.text(&column.skill);
        pen.whole(column.broader.map_or(0, |above| u64::from(above) + 1));
        column.figures.iter().for_each(|figure| pen.figure(figure));
    });
    let lists = &release.lists;
    pen.day(lists.day);
    pen.list(&lists.few, |pen, few| {
        pen.text(&few.skill);
        pen.list(&few.near, |pen, near| pen.text(near));
    });
    pen.list(&lists.unmet, |pen, unmet| {
        pen.text(&unmet.subject);
        pen.whole(u64::from(unmet.is_skill));
        pen.whole(u64::from(unmet.asked_by));
        pen.whole(u64::from(unmet.waiting.unwrap_or(0)));
        pen.list(&unmet.near, |pen, near| pen.text(near));
    });
    pen.0
}

struct Eye<'a>(&'a [u8]);

impl Eye<'_> {
    fn whole(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn small(&mut self) -> Option<u32> {
        self.whole()?.try_into().ok()
    }

    fn day(&mut self) -> Option<i32> {
        let coded = self.small()?;
        Some((coded >> 1) as i32 ^ -((coded & 1) as i32))
    }

    fn text(&mut self) -> Option<String> {
        let length = usize::try_from(self.whole()?).ok()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        String::from_utf8(text.to_vec()).ok()
    }

    fn list<T>(&mut self, mut each: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        // Memory grows with what is read, not with what is announced.
        let length = self.whole()?;
        let mut items = Vec::new();
        for _ in 0..length {
            items.push(each(self)?);
        }
        Some(items)
    }

    fn told(&mut self) -> Option<Told> {
        let (mut place, mut day) = (0_u32, 0_i32);
        let anchors = self.list(|eye| {
            place = place.checked_add(eye.small()?)?;
            let people = eye.small()?;
            day = day.checked_add(eye.day()?)?;
            Some(Anchor {
                place,
                people,
                since: day,
                fixed: eye.small()?,
            })
        })?;
        Some(Told { anchors })
    }

    fn figure(&mut self) -> Option<Figure> {
        Some(match self.whole()? {
            0 => Figure::Untold,
            1 => Figure::Same,
            2 => Figure::Told(self.told()?),
            _ => return None,
        })
    }

    /// A column, of which `slices` are written.
    fn column(&mut self, slices: usize) -> Option<Column> {
        let skill = self.text()?;
        let broader = self.small()?.checked_sub(1);
        let mut figures: [Figure; Slice::ALL.len()] = Default::default();
        for figure in &mut figures[..slices] {
            *figure = self.figure()?;
        }
        Some(Column {
            skill,
            broader,
            figures,
        })
    }

    fn lists(&mut self) -> Option<Lists> {
        Some(Lists {
            day: self.day()?,
            few: self.list(|eye| {
                Some(Few {
                    skill: eye.text()?,
                    near: eye.list(Self::text)?,
                })
            })?,
            unmet: self.list(|eye| {
                Some(Unmet {
                    subject: eye.text()?,
                    is_skill: eye.whole()? == 1,
                    asked_by: eye.small()?,
                    waiting: Some(eye.small()?).filter(|&waiting| waiting > 0),
                    near: eye.list(Self::text)?,
                })
            })?,
        })
    }
}

/// The release that [`encode`] wrote; `None` when the bytes are of another form.
pub(super) fn decode(bytes: &[u8]) -> Option<Release> {
    let mut eye = Eye(bytes);
    let form = eye.whole()?;
    if !(WITHOUT_CONCLUSIONS..=FORM).contains(&form) {
        return None;
    }
    let number = eye.small()?;
    let made = Timestamp::from_micros(eye.whole()? as i64);
    let (generation, k) = (eye.whole()?, eye.small()?);
    let (inference, slices) = if form > WITHOUT_CONCLUSIONS {
        let inference = *INFERENCES.get(usize::try_from(eye.whole()?).ok()?)?;
        (inference, Slice::ALL.len())
    } else {
        (Inference::Never, Slice::ALL.len() - 1)
    };
    let paths = eye.list(Eye::text)?;
    let tree = Tree::of(paths.iter().map(String::as_str).filter(|path| !path.is_empty()));
    if tree.paths() != paths {
        return None;
    }
    let people = match eye.figure()? {
        Figure::Told(told) => Some(told),
        _ => None,
    };
    let columns = eye.list(|eye| eye.column(slices))?;
    let mut lists = eye.lists()?;
    if form <= WITH_QUESTIONS {
        lists.unmet.clear();
    }
    let whole = eye.0.is_empty() && is_in_order(tree.len() as u32, people.as_ref(), &columns);
    whole.then_some(Release {
        number,
        made,
        generation,
        k,
        inference,
        tree,
        people,
        columns,
        lists,
    })
}

/// Whether all that is told is of places that are there, in their order, and broader skills come first.
fn is_in_order(places: u32, people: Option<&Told>, columns: &[Column]) -> bool {
    let known = |told: &Told| {
        let ordered = told.anchors.windows(2).all(|two| two[0].place < two[1].place);
        ordered && told.anchors.iter().all(|anchor| anchor.place < places)
    };
    let figures = columns.iter().flat_map(|column| &column.figures);
    let told = figures.filter_map(|figure| match figure {
        Figure::Told(told) => Some(told),
        _ => None,
    });
    let above = |(n, column): (u32, &Column)| column.broader.is_none_or(|above| above < n);
    (0..).zip(columns).all(above) && told.chain(people).all(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release() -> Release {
        let told = |people: &[(u32, u32, i32)]| Told {
            anchors: people
                .iter()
                .map(|&(place, people, since)| Anchor {
                    place,
                    people,
                    since,
                    fixed: place,
                })
                .collect(),
        };
        let mut figures: [Figure; Slice::ALL.len()] = Default::default();
        figures[0] = Figure::Told(told(&[(0, 300, 20_000), (2, 40, 19_000)]));
        figures[4] = Figure::Same;
        figures[Slice::Inferred as usize] = Figure::Told(told(&[(0, 77, 20_000)]));
        Release {
            number: 7,
            made: Timestamp::from_micros(1_767_225_600_000_000),
            generation: 1 << 40,
            k: 10,
            inference: Inference::Counted,
            tree: Tree::of(["G/A", "G/B"]),
            people: Some(told(&[(0, 0, -5), (1, 500, 20_000)])),
            columns: vec![Column {
                skill: "rust".to_owned(),
                broader: None,
                figures,
            }],
            lists: Lists {
                day: 20_001,
                few: vec![Few {
                    skill: "é".to_owned(),
                    near: vec!["rust".to_owned()],
                }],
                unmet: vec![Unmet {
                    subject: "cobol".to_owned(),
                    is_skill: false,
                    asked_by: 22,
                    waiting: Some(11),
                    near: vec![],
                }],
            },
        }
    }

    #[test]
    fn what_was_written_is_read_and_nothing_shorter_or_longer_is() {
        let bytes = encode(&release());
        assert_eq!(decode(&bytes), Some(release()));
        for length in 0..bytes.len() {
            assert_eq!(decode(&bytes[..length]), None, "{length} bytes");
        }
        assert_eq!(decode(&[&bytes[..], &[0]].concat()), None);
    }

    #[test]
    fn a_release_from_before_conclusions_were_counted_is_read() {
        let mut before = release();
        before.inference = Inference::Never;
        before.columns[0].figures[Slice::Inferred as usize] = Figure::Untold;
        let mut bytes = encode(&before);
        // The form, and the word on conclusions behind number, instant, generation and k, each as long as it is written.
        bytes[0] = 1;
        let mut eye = Eye(&bytes[1..]);
        for _ in 0..4 {
            eye.whole().expect("they are there");
        }
        let place = bytes.len() - eye.0.len();
        assert_eq!(bytes.remove(place), 0);
        // The last figure of the one column, before the day of the lists.
        let mut pen = Pen::default();
        pen.day(before.lists.day);
        let lists = bytes.windows(pen.0.len()).rposition(|window| window == pen.0);
        assert_eq!(bytes.remove(lists.expect("it is written") - 1), 0);
        before.lists.unmet.clear();
        assert_eq!(decode(&bytes), Some(before));
    }

    #[test]
    fn questions_that_were_counted_one_by_one_are_not_read() {
        let mut before = release();
        let mut bytes = encode(&before);
        bytes[0] = 2;
        before.lists.unmet.clear();
        assert_eq!(decode(&bytes), Some(before));
    }

    #[test]
    fn a_place_or_a_broader_skill_that_is_not_there_is_not_read() {
        let mut beyond = release();
        beyond.people = Some(Told {
            anchors: vec![Anchor {
                place: 9,
                people: 40,
                since: 0,
                fixed: 0,
            }],
        });
        assert_eq!(decode(&encode(&beyond)), None);
        let mut circle = release();
        circle.columns[0].broader = Some(0);
        assert_eq!(decode(&encode(&circle)), None);
    }
}
