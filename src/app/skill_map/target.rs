//! What the organisation wants: a file of targets, in CSV, written by whoever plans.
//!
//! The first line is `unit,skill,people,level` (in any order; `level` may be left out): the path of a unit, empty for the
//! whole organisation; the identifier of a skill; how many people; and `all`, `practising`, `autonomous` or `mastery`,
//! `all` when empty.

use super::release::Slice;

/// The most bytes of a file.
const MAX_BYTES: usize = 4 << 20;
/// The most targets of a file.
const MOST: usize = 20_000;

/// How many people should have a skill in a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The unit's path; empty for the whole.
    pub unit: String,
    /// The skill's identifier.
    pub skill: String,
    /// The level: one of [`Slice::LEVELS`].
    pub level: Slice,
    /// How many people.
    pub people: u32,
}

impl Target {
    /// The targets in `text`, in its order.
    ///
    /// # Errors
    /// A sentence with the line that cannot be read, and what to write.
    pub fn read(text: &str) -> Result<Vec<Self>, String> {
        if text.len() > MAX_BYTES {
            return Err(format!(
                "the targets are over {MAX_BYTES} bytes: leave out what needs no watching"
            ));
        }
        let mut file = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let head = file
            .headers()
            .map_err(|error| format!("the targets cannot be read: {error}"))?
            .clone();
        let known = ["unit", "skill", "people", "level"];
        if let Some(other) = head.iter().find(|name| !known.contains(name)) {
            return Err(format!(
                "the targets have a column `{other}`: they have unit, skill, people, level"
            ));
        }
        let place = |name: &str| head.iter().position(|known| known == name);
        let needed = |name: &str| place(name).ok_or_else(|| format!("the targets have no column `{name}`"));
        let (unit, skill, people, level) = (needed("unit")?, needed("skill")?, needed("people")?, place("level"));
        let mut targets = Vec::new();
        for (row, record) in (2..).zip(file.records()) {
            let record = record.map_err(|error| format!("line {row} of the targets cannot be read: {error}"))?;
            let wrong = |what: &str| format!("line {row} of the targets: {what}");
            let cell = |place: usize| record.get(place).unwrap_or_default();
            let code = level
                .map(cell)
                .filter(|code| !code.is_empty())
                .unwrap_or(Slice::All.code());
            let level = Slice::LEVELS.into_iter().find(|slice| slice.code() == code);
            targets.push(Self {
                unit: cell(unit).to_owned(),
                skill: Some(cell(skill))
                    .filter(|id| !id.is_empty())
                    .ok_or_else(|| wrong("no skill"))?
                    .to_owned(),
                level: level.ok_or_else(|| wrong("a level is all, practising, autonomous or mastery"))?,
                people: cell(people).parse().map_err(|_| wrong("`people` is a whole number"))?,
            });
            if targets.len() > MOST {
                return Err(format!(
                    "there are more than {MOST} targets: leave out what needs no watching"
                ));
            }
        }
        Ok(targets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read_by_the_names_of_their_columns() {
        let text = "skill,people,unit,level\nrust,40,Group/IT,autonomous\n\"c, c++\",12,,\n";
        let targets = Target::read(text).unwrap();
        let rust = Target {
            unit: "Group/IT".to_owned(),
            skill: "rust".to_owned(),
            level: Slice::Autonomous,
            people: 40,
        };
        assert_eq!(targets[0], rust);
        assert_eq!(
            (&*targets[1].skill, &*targets[1].unit, targets[1].level),
            ("c, c++", "", Slice::All)
        );
        assert_eq!(Target::read("unit,skill,people\n").unwrap(), []);
    }

    #[test]
    fn what_is_wrong_names_its_line() {
        for (text, named) in [
            ("unit,skill\nx,y\n", "`people`"),
            ("unit,skill,people,colour\n", "`colour`"),
            ("unit,skill,people\nx,,3\n", "line 2"),
            ("unit,skill,people\nx,y,3\nx,y,many\n", "line 3"),
            ("unit,skill,people,level\nx,y,3,guru\n", "mastery"),
        ] {
            let error = Target::read(text).unwrap_err();
            assert!(error.contains(named), "{text}: {error}");
        }
    }
}
