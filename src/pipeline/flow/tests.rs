//! Assignments held against every other one there is, in small cases; and the invariants in larger ones.

use super::*;
use proptest::prelude::*;

/// What an assignment is worth by the definition; `None` when it breaks a rule.
fn worth(rows: &[Row], columns: &[Column], filled: &[Vec<usize>]) -> Option<i64> {
    let mut given = vec![0; columns.len()];
    let mut sum = 0;
    for (row, held) in rows.iter().zip(filled) {
        sum += row.places.get(..held.len())?.iter().sum::<i64>();
        for (n, column) in held.iter().enumerate() {
            sum += row.values.iter().find(|(c, _)| c == column)?.1;
            given[*column] += 1;
            if held[..n].contains(column) {
                return None;
            }
        }
    }
    for (column, given) in columns.iter().zip(given) {
        sum -= column.costs.get(..given)?.iter().sum::<i64>();
    }
    Some(sum)
}

/// The most that any assignment is worth: row by row, every set of its columns is tried.
fn exhaustive(rows: &[Row], columns: &[Column], filled: &mut Vec<Vec<usize>>) -> i64 {
    let Some(row) = rows.get(filled.len()) else {
        return worth(rows, columns, filled).unwrap_or(i64::MIN);
    };
    let mut best = i64::MIN;
    for set in 0..1_u32 << row.values.len() {
        let chosen = (0..row.values.len()).filter(|n| set >> n & 1 == 1);
        let held: Vec<usize> = chosen.map(|n| row.values[n].0).collect();
        if held.len() <= row.places.len() {
            filled.push(held);
            best = best.max(exhaustive(rows, columns, filled));
            filled.pop();
        }
    }
    best
}

fn falling(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<i64>> {
    prop::collection::vec(-6_i64..20, count).prop_map(|mut places| {
        places.sort_unstable_by(|a, b| b.cmp(a));
        places
    })
}

fn rising(count: std::ops::Range<usize>) -> impl Strategy<Value = Column> {
    prop::collection::vec(-4_i64..14, count).prop_map(|mut costs| {
        costs.sort_unstable();
        Column { costs }
    })
}

/// Rows over `columns` columns, each named by a row or not.
fn rows(count: std::ops::Range<usize>, columns: usize) -> impl Strategy<Value = Vec<Row>> {
    let values = prop::collection::vec(prop::option::weighted(0.7, -8_i64..16), columns);
    let row = (falling(0..4), values).prop_map(|(places, values)| Row {
        places,
        values: values
            .into_iter()
            .enumerate()
            .filter_map(|(c, v)| Some((c, v?)))
            .collect(),
    });
    prop::collection::vec(row, count)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_assignment_is_worth_more(rows in rows(0..5, 4), columns in prop::collection::vec(rising(0..4), 4)) {
        let found = assign(&rows, &columns);
        prop_assert_eq!(worth(&rows, &columns, &found.filled), Some(found.worth), "what it says is so, and no rule is broken");
        prop_assert_eq!(found.worth, exhaustive(&rows, &columns, &mut Vec::new()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn in_larger_cases_nothing_is_gained_by_one_exchange(rows in rows(20..60, 25), columns in prop::collection::vec(rising(0..4), 25)) {
        let found = assign(&rows, &columns);
        prop_assert_eq!(worth(&rows, &columns, &found.filled), Some(found.worth));
        let mut filled = found.filled.clone();
        for n in 0..rows.len() {
            let held = std::mem::take(&mut filled[n]);
            let alone = exhaustive_row(&rows, &columns, &mut filled, n);
            prop_assert!(alone <= found.worth, "row {} alone could reach {}", n, alone);
            filled[n] = held;
        }
    }

    #[test]
    fn the_worth_does_not_depend_on_the_order_of_rows(mut rows in rows(5..40, 12), columns in prop::collection::vec(rising(0..3), 12)) {
        let forth = assign(&rows, &columns).worth;
        rows.reverse();
        prop_assert_eq!(assign(&rows, &columns).worth, forth);
        for row in &mut rows { row.values.reverse(); }
        prop_assert_eq!(assign(&rows, &columns).worth, forth);
    }
}

/// The most that can be reached by filling row `n` anew, with at most two places, all else held.
fn exhaustive_row(rows: &[Row], columns: &[Column], filled: &mut [Vec<usize>], n: usize) -> i64 {
    let names: Vec<usize> = rows[n].values.iter().map(|&(column, _)| column).collect();
    let singles = names.iter().map(|&a| vec![a]);
    let pairs = names.iter().flat_map(|&a| names.iter().map(move |&b| vec![a, b]));
    let sets: Vec<Vec<usize>> = std::iter::once(vec![]).chain(singles).chain(pairs).collect();
    let tries = sets.into_iter().map(|set| {
        filled[n] = set;
        worth(rows, columns, filled).unwrap_or(i64::MIN)
    });
    tries.max().unwrap_or(i64::MIN)
}

#[test]
fn the_first_place_of_one_row_goes_before_the_second_of_another() {
    let row = |places: &[i64], values: &[(usize, i64)]| Row {
        places: places.to_vec(),
        values: values.to_vec(),
    };
    let rows = [
        row(&[100, 10], &[(0, 5), (1, 5)]),
        row(&[100, 10], &[(1, 1)]),
        row(&[100, 10], &[]),
    ];
    let columns = [Column { costs: vec![0] }, Column { costs: vec![0] }];
    let found = assign(&rows, &columns);
    assert_eq!(found.filled, [vec![0], vec![1], vec![]]);
    assert_eq!(found.worth, 206);
}

#[test]
fn a_place_stays_empty_when_filling_it_costs_more_than_it_brings() {
    let rows = [Row {
        places: vec![3],
        values: vec![(0, 2)],
    }];
    assert_eq!(
        assign(&rows, &[Column { costs: vec![5] }]).filled,
        [Vec::<usize>::new()]
    );
    assert_eq!(assign(&rows, &[Column { costs: vec![4] }]).filled, [vec![0]]);
    assert_eq!(assign(&rows, &[Column { costs: vec![] }]).worth, 0);
}

#[test]
#[should_panic(expected = "one after the other")]
fn a_second_place_worth_more_than_the_first_is_no_such_problem() {
    let rows = [Row {
        places: vec![1, 2],
        values: vec![],
    }];
    assign(&rows, &[]);
}
