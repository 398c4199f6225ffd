//! Small files of each nomenclature, written for these tests.

use super::*;
use crate::domain::{FactBody, Patch, SkillPatch, Timestamp};
use crate::ingest::{FutureRule, decode};

const SKILLS_EN: &str = "conceptType,conceptUri,skillType,preferredLabel,altLabels,hiddenLabels,status,modifiedDate\n\
    KnowledgeSkillCompetence,http://e.example/skill/1,knowledge,SQL,\"structured query language\nsequel\",,released,2024-05-02T08:00:00.000Z\n\
    KnowledgeSkillCompetence,http://e.example/skill/2,skill/competence,weld pipes,,,released,2024-01-02T08:00:00.000Z\n\
    KnowledgeSkillCompetence,http://e.example/skill/3,knowledge,Flash,,,obsolete,\n\
    KnowledgeSkillCompetence,,knowledge,nothing,,,released,\n";
const SKILLS_FR: &str = "conceptType,conceptUri,skillType,preferredLabel,altLabels\n\
    KnowledgeSkillCompetence,http://e.example/skill/2,skill/competence,souder des tuyaux,soudage\n";
const GROUPS: &str =
    "conceptType,conceptUri,preferredLabel,altLabels\nSkillGroup,http://e.example/group/g,databases,\n";
const BROADER: &str = "conceptType,conceptUri,broaderType,broaderUri\n\
    KnowledgeSkillCompetence,http://e.example/skill/1,SkillGroup,http://e.example/group/g\n\
    KnowledgeSkillCompetence,http://e.example/skill/1,SkillGroup,http://e.example/group/unknown\n\
    SkillGroup,http://e.example/group/g,,\n";

fn read(of: Nomenclature, files: &[(&str, &str)]) -> (SkillLines, Vec<Tally>) {
    let mut taxonomy = Taxonomy::new(of);
    let mut tallies = vec![Tally::default(); files.len()];
    for (n, (name, text)) in files.iter().enumerate() {
        taxonomy.read(n, name, text.as_bytes(), &mut tallies[n]).expect(name);
    }
    let lines = taxonomy.lines("test", "2026-01-01T00:00:00Z", &mut tallies);
    (lines, tallies)
}

/// The skills as the door reads them, by identifier.
fn skills(lines: &SkillLines) -> Vec<(String, SkillPatch)> {
    let now = Timestamp::from_micros(1_800_000_000_000_000);
    let read = lines.lines.iter().filter_map(|(.., line)| line.as_ref().ok());
    let decoded = read.map(|line| decode(line, FutureRule::Reject { now }).expect("the door takes it"));
    let mut skills: Vec<_> = decoded
        .map(|decoded| match decoded.fact.body {
            FactBody::SkillUpserted { skill, patch } => (skill.to_string(), *patch),
            other => panic!("{other:?}"),
        })
        .collect();
    skills.sort_by(|(a, _), (b, _)| a.cmp(b));
    skills
}

fn set<T: Clone + Default>(patch: &Patch<T>) -> T {
    match patch {
        Patch::Set(value) => value.clone(),
        Patch::Keep | Patch::Clear => T::default(),
    }
}

#[test]
fn languages_groups_and_links_of_esco_meet_in_one_skill() {
    let files = [
        ("skills_en.csv", SKILLS_EN),
        ("skills_fr.csv", SKILLS_FR),
        ("skillGroups_en.csv", GROUPS),
        ("broaderRelationsSkillPillar_en.csv", BROADER),
    ];
    let (lines, tallies) = read(Nomenclature::Esco, &files);
    let found = skills(&lines);
    let ids: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "http://e.example/group/g",
            "http://e.example/skill/1",
            "http://e.example/skill/2"
        ]
    );
    let sql = &found[1].1;
    assert_eq!(set(&sql.aliases).len(), 2);
    let broader: Vec<String> = set(&sql.broader).iter().map(ToString::to_string).collect();
    assert_eq!(
        broader,
        ["http://e.example/group/g"],
        "a link to nothing known is left out"
    );
    let labels = set(&found[2].1.labels)
        .iter()
        .map(|(tag, label)| format!("{tag} {label}"))
        .collect::<Vec<_>>();
    assert_eq!(labels, ["en weld pipes", "fr souder des tuyaux"]);
    assert_eq!((tallies[0].rows, tallies[0].used, tallies[0].rejected), (4, 2, 1));
    assert_eq!(tallies[0].left_out().collect::<Vec<_>>(), [("obsolete concepts", 1)]);
    assert_eq!(lines.lines.iter().filter(|(.., line)| line.is_err()).count(), 1);
    let first = String::from_utf8(lines.lines[0].2.clone().expect("an event")).expect("text");
    assert!(
        first.contains("2024-05-02T08:00:00"),
        "as of the newest change: {first}"
    );
    assert_eq!(
        read(Nomenclature::Esco, &files).0.lines,
        lines.lines,
        "the same files say the same"
    );
}

#[test]
fn the_hierarchy_of_esco_gives_links_from_the_top_down() {
    let tree = "Level 0 URI,Level 0 preferred term,Level 1 URI,Level 1 preferred term,Level 2 URI,Level 2 preferred term\n\
                http://e.example/S,skills,http://e.example/S1,communication,,\n\
                http://e.example/S,skills,http://e.example/S1,communication,http://e.example/S1.1,negotiating\n";
    let found = skills(&read(Nomenclature::Esco, &[("skillsHierarchy_en.csv", tree)]).0);
    let above = |n: usize| {
        set(&found[n].1.broader)
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert_eq!((found.len(), above(0).len()), (3, 0));
    assert_eq!(
        (above(1), above(2)),
        (
            vec!["http://e.example/S".to_owned()],
            vec!["http://e.example/S1".to_owned()]
        )
    );
}

#[test]
fn the_tree_of_rome_and_its_lists_meet() {
    let tree = "code_domaine_competence;domaine_competence;code_enjeu;enjeu;code_objectif;objectif;code_macro_competence;\
                code_ogr_macro_competence;libelle_macro_competence;code_ogr_competence;libelle_competence\n\
                1;Pilotage;1A;Gestion;1A1;Budget;M1;300;Gérer un budget;101;Établir un budget\n";
    let list = "\"code_ogr\",\"nature\",\"libelle_competence\",\"definition\",\"code_ogr_macro_comp\",\"code_macro_comp\",\"cat_comp\",\
                \"sous_cat_comp\",\"transition_eco\",\"transition_num\",\"libelle_heterogeneite\",\"libelle_origine\"\n\
                \"101\",\"Compétence\",\"Établir un budget\",\"\",\"300\",\"\",\"Savoir-faire\",\"Technique\",\"\",\"N\",\"\",\"\"\n\
                \"102\",\"Compétence\",\"Chiffrer, arbitrer\",\"\",\"300\",\"\",\"Savoir-faire\",\"Technique\",\"\",\"N\",\"\",\"\"\n\
                \"103\",\"Compétence\",\"Souder\",\"\",\"999\",\"\",\"Savoir-faire\",\"Technique\",\"\",\"N\",\"\",\"\"\n\
                \"\",\"Compétence\",\"sans code\",\"\",\"300\",\"\",\"Savoir-faire\",\"Technique\",\"\",\"N\",\"\",\"\"\n";
    let knowledge = "\"code_ogr_savoir\",\"libelle_savoir\",\"categorie_savoir\",\"sous_categorie_savoir\",\"transition_eco\",\
                     \"transition_num\"\n\"900\",\"Comptabilité\",\"Domaines d'expertise\",\"Expertises techniques\",\"\",\"N\"\n";
    let files = [
        ("unix_arborescence_competences_v460_utf8.csv", tree),
        ("unix_referentiel_competence_v460_utf8.csv", list),
        ("unix_referentiel_savoir_v460_utf8.csv", knowledge),
    ];
    let (lines, tallies) = read(Nomenclature::Rome, &files);
    let found = skills(&lines);
    let ids: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
    let expected = [
        "rome/101",
        "rome/102",
        "rome/103",
        "rome/300",
        "rome/900",
        "rome/domaine/1",
        "rome/enjeu/1A",
        "rome/objectif/1A1",
    ];
    assert_eq!(ids, expected);
    let above = |n: usize| {
        set(&found[n].1.broader)
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (above(0), above(1)),
        (vec!["rome/300".to_owned()], vec!["rome/300".to_owned()])
    );
    assert!(above(2).is_empty(), "no file tells of 999");
    assert_eq!(above(3), ["rome/objectif/1A1"]);
    assert!(above(4).is_empty(), "a kind of knowledge is nothing that one knows");
    assert_eq!(tallies[1].rejected, 1);
}

#[test]
fn lists_of_rome_as_they_were_before_are_read() {
    let files = [
        (
            "unix_referentiel_competence_v346_utf8.csv",
            "code_ogr,libelle_competence,code_type_competence,libelle_type_competence,statut\n\
             101,Techniques d'assemblage,1,Savoirs théoriques et procéduraux,1\n",
        ),
        (
            "unix_referentiel_competence_v347_utf8.csv",
            "code_type_competence;libelle_type_competence;code_ogr_competence;libelle_competence\n\
             2;Savoirs de l'action;102;Utiliser un tour\n3;;;sans code\n",
        ),
    ];
    let (lines, tallies) = read(Nomenclature::Rome, &files);
    let labels = skills(&lines)
        .into_iter()
        .map(|(id, patch)| (id, set(&patch.labels)[0].1.to_string()));
    assert_eq!(
        labels.collect::<Vec<_>>(),
        [
            ("rome/101".to_owned(), "Techniques d'assemblage".to_owned()),
            ("rome/102".to_owned(), "Utiliser un tour".to_owned())
        ]
    );
    assert_eq!((tallies[0].rejected, tallies[1].rejected), (0, 1));
}

#[test]
fn a_list_of_ones_own_is_read_and_too_much_of_it_is_cut_and_told() {
    let many: Vec<String> = (0..60).map(|n| format!("alias {n}")).collect();
    let long = "x".repeat(250);
    let text = format!(
        "skill,label_fr,label_en,aliases,broader\nsql,SQL,SQL,{},data\ndata,Données,{long},,\n,rien,,,\nempty,,,,\n",
        many.join("|")
    );
    let (lines, tallies) = read(Nomenclature::Plain, &[("skills.csv", &text)]);
    let found = skills(&lines);
    assert_eq!(found.len(), 2);
    assert_eq!(set(&found[1].1.aliases).len(), 50);
    assert_eq!(set(&found[0].1.labels)[0].1.chars().count(), 200);
    let notes = ["1 labels cut to 200 characters", "10 aliases left out"];
    assert!(
        lines
            .notes
            .iter()
            .zip(notes)
            .all(|(note, begin)| note.starts_with(begin)),
        "{:?}",
        lines.notes
    );
    assert_eq!((tallies[0].rows, tallies[0].rejected), (4, 2));
}

#[test]
fn a_file_that_is_another_one_is_refused_by_its_columns() {
    let refused = |of, name, text: &str| {
        Taxonomy::new(of)
            .read(0, name, text.as_bytes(), &mut Tally::default())
            .unwrap_err()
            .to_string()
    };
    assert!(refused(Nomenclature::Esco, "skills_en.csv", "a,b\n1,2\n").contains("concepturi"));
    assert!(refused(Nomenclature::Rome, "unix_referentiel_competence_v1.csv", "a;b\n1;2\n").contains("code_ogr"));
    assert!(refused(Nomenclature::Plain, "x.csv", "skill,name\n1,2\n").contains("label_en"));
    assert!(refused(Nomenclature::Plain, "x.csv", "").contains("names no column"));
    assert!(!Nomenclature::Esco.reads("occupations_en.csv") && Nomenclature::Esco.reads("skills_fr.csv"));
}
