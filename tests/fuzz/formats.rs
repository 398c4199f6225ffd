//! Damaged files of other systems: whatever line comes out is read or rejected at the door.

use crate::damage::{Dice, fuzz};
use antenne::domain::Timestamp;
use antenne::ingest::hr::{History, Mapping, People};
use antenne::ingest::stackexchange::{DumpFile, Translator};
use antenne::ingest::taxonomy::{Nomenclature, Taxonomy};
use antenne::ingest::{FutureRule, Rejection, Tally, decode};

const CASES: u64 = 3_000;
const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);

const XML: [(DumpFile, &str); 5] = [
    (
        DumpFile::Users,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<users>\n<row Id=\"-1\" CreationDate=\"2020-01-01T00:00:00.000\"/>\n\
         <row Id=\"7\" CreationDate=\"2020-01-01T00:00:00.000\" DisplayName=\"L&#xE9;a &amp; co\"/>\n</users>",
    ),
    (
        DumpFile::Badges,
        "<badges><row Id=\"2\" UserId=\"7\" Name=\"c#\" Date=\"2020-02-03T00:00:00.000\" Class=\"2\" TagBased=\"True\"/></badges>",
    ),
    (
        DumpFile::Tags,
        "<tags><row Id=\"1\" TagName=\"c#\"/><row Id=\"2\" TagName=\"sql\"/></tags>",
    ),
    (
        DumpFile::Posts,
        "<posts><row Id=\"1\" PostTypeId=\"1\" CreationDate=\"2020-03-01T10:00:00.5\" Title=\"a\" Body=\"&lt;p&gt;b&lt;/p&gt;\" \
         Tags=\"&lt;c#&gt;\" OwnerUserId=\"7\" ClosedDate=\"2020-03-09T00:00:00\"/>\n<row Id=\"2\" PostTypeId=\"2\" ParentId=\"1\" \
         CreationDate=\"2020-03-01T11:00:00.0\" Body=\"c\" LastEditDate=\"2020-03-02T11:00:00.0\"></row></posts>",
    ),
    (
        DumpFile::Votes,
        "<votes><row Id=\"1\" PostId=\"2\" VoteTypeId=\"2\" CreationDate=\"2020-03-01T00:00:00\"/>\n\
         <row Id=\"2\" PostId=\"2\" VoteTypeId=\"1\" CreationDate=\"2020-03-02T00:00:00\"/></votes>",
    ),
];

const MAPPING: &str = "complete = true\n[person]\nid = \"N°\"\nname = [\"Prénom\", \"Nom\"]\nunit = [\"Dir\"]\n\
                       languages = { column = \"L\", separator = \"/\", values = { \"Français\" = \"fr\" } }\n\
                       joined = \"Du\"\nleft = \"Au\"\nmanager = \"N+1\"\ntime_zone = \"Z\"\nurl = \"U\"\n\
                       heads = { column = \"H\", separator = \"+\" }\nexternal = { column = \"E\", yes = [\"Oui\"] }\n\
                       [skills]\ncolumn = \"C\"\nlevel_after = \":\"\nlevel_max = 4\nlanguage = \"fr\"\n\
                       levels = { \"haut\" = 1.0 }\nids = { \"SQL\" = \"skill/sql\" }\n[absence]\nfrom = \"A1\"\nuntil = \"A2\"\n";
const CSV: &str = "N°;Prénom;Nom;Dir;L;Du;Au;N+1;Z;U;H;E;C;A1;A2\n\
                   1;Zoé;\"B;é\";D/E;Français/en;01/02/2020;;2;Europe/Paris;https://i.example/1;D/E+F;oui;SQL:3,\"\"R\"\":haut;;\n\
                   2;Ed;C;D;;2020-02-01;31/12/2020;;;;;;Soudage;01/07/2024;02/07/2024\n";

/// One dump with one or more damaged files. How many lines came out.
fn dump(case: u64) -> usize {
    let mut dice = Dice::of(case);
    let mut translator = Translator::new("s");
    let mut lines = 0;
    for (file, text) in XML {
        let bytes = if dice.roll(2) == 0 {
            dice.damage(text)
        } else {
            text.as_bytes().to_vec()
        };
        let mut tally = Tally::default();
        let mut sink = |_: u64, line: Result<&[u8], Rejection>| {
            if let Ok(line) = line {
                serde_json::from_slice::<serde_json::Value>(line).expect("an importer writes JSON");
                let _ = decode(line, FutureRule::Accept { now: NOW });
                lines += 1;
            }
            true
        };
        let _ = translator.translate(file, &bytes[..], &mut tally, &mut sink);
        let left_out: u64 = tally.left_out().map(|(_, count)| count).sum();
        assert_eq!(tally.rows, tally.used + tally.rejected + left_out);
    }
    lines
}

/// One damaged people file, with a mapping that may be damaged too. How many lines came out.
fn people(case: u64) -> usize {
    let mut dice = Dice::of(case);
    let text = if dice.roll(4) == 0 {
        String::from_utf8_lossy(&dice.damage(MAPPING)).into_owned()
    } else {
        MAPPING.to_owned()
    };
    let bytes = dice.damage(CSV);
    let mapping = Mapping::parse(&text)
        .or_else(|_| Mapping::parse(MAPPING))
        .expect("the mapping is in order");
    let Ok(people) = People::read(&bytes, &mapping) else {
        return 0;
    };
    let mut history = History::new("s");
    let changes = people.compared(&mapping, "s", &history, NOW);
    let mut lines = 0;
    for line in changes.lines.iter().filter_map(|(_, line)| line.as_ref().ok()) {
        let decoded = decode(line, FutureRule::Accept { now: NOW }).expect("what was compared is in order");
        history.learn(&decoded.canonical);
        lines += 1;
    }
    let again = People::read(&bytes, &mapping).expect("it was read before");
    let again = again.compared(&mapping, "s", &history, NOW.plus_micros(86_400_000_000));
    assert!(
        !again.lines.iter().any(|(_, line)| line.is_ok()),
        "the same file says something new"
    );
    lines
}

const NOMENCLATURES: [(Nomenclature, &str, &str); 4] = [
    (
        Nomenclature::Esco,
        "skills_fr.csv",
        "conceptUri,preferredLabel,altLabels,status,modifiedDate\n\
         http://e.example/1,\"Souder, couper\",\"soudage\nbrasage\",released,2024-05-02T08:00:00Z\nhttp://e.example/2,SQL,,,\n",
    ),
    (
        Nomenclature::Esco,
        "broaderRelationsSkillPillar_en.csv",
        "conceptUri,broaderUri\nhttp://e.example/1,http://e.example/2\n",
    ),
    (
        Nomenclature::Rome,
        "unix_arborescence_competences_v460_utf8.csv",
        "code_domaine_competence;domaine_competence;code_enjeu;enjeu;code_objectif;objectif;code_ogr_macro_competence;\
         libelle_macro_competence;code_ogr_competence;libelle_competence\n1;P;1A;G;1A1;B;300;Gérer;101;Établir\n",
    ),
    (
        Nomenclature::Plain,
        "skills.csv",
        "skill,label_fr,label_en,aliases,broader,uri\nsql,SQL,SQL,sequel|ess-cue-ell,data,https://e.example/sql\ndata,Données,Data,,,\n",
    ),
];

/// One damaged file of a nomenclature. How many lines came out.
fn nomenclature(case: u64) -> usize {
    let mut dice = Dice::of(case);
    let (of, name, text) = NOMENCLATURES[dice.roll(NOMENCLATURES.len())];
    let (mut taxonomy, mut tally) = (Taxonomy::new(of), Tally::default());
    let _ = taxonomy.read(0, name, &dice.damage(text), &mut tally);
    let left_out: u64 = tally.left_out().map(|(_, count)| count).sum();
    assert_eq!(tally.rows, tally.used + tally.rejected + left_out);
    let skills = taxonomy.lines("s", "2024-01-01T00:00:00Z", std::slice::from_mut(&mut tally));
    let mut lines = 0;
    for line in skills.lines.iter().filter_map(|(.., line)| line.as_ref().ok()) {
        serde_json::from_slice::<serde_json::Value>(line).expect("an importer writes JSON");
        let _ = decode(line, FutureRule::Accept { now: NOW });
        lines += 1;
    }
    lines
}

#[test]
fn damaged_nomenclatures_are_read_or_refused() {
    fuzz("nomenclatures", CASES, nomenclature);
}

#[test]
fn damaged_dumps_are_read_or_refused() {
    fuzz("dumps", CASES, dump);
}

#[test]
fn damaged_people_files_are_read_or_refused() {
    fuzz("people files", CASES, people);
}
