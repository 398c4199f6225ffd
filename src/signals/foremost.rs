//! Choosing the first of many without putting them in order.

/// The `limit` of `items` whose keys are least; of those who share the last key that enters, the ones whose name comes first,
/// which no two share. Only which ones they are matters, not their order. Cost: linear; names are told of those alone who
/// share that key.
pub(super) fn foremost<T: Copy, K: Ord, N: Ord>(
    items: impl Iterator<Item = T> + Clone,
    limit: usize,
    key: impl Fn(T) -> K,
    name: impl Fn(T) -> N,
) -> Vec<T> {
    let mut keys: Vec<K> = items.clone().map(&key).collect();
    if keys.len() <= limit || limit == 0 {
        return items.take(limit).collect();
    }
    let (_, last, _) = keys.select_nth_unstable(limit - 1);
    let mut chosen: Vec<T> = items.clone().filter(|&item| key(item) < *last).collect();
    let level = items.filter(|&item| key(item) == *last);
    let mut level: Vec<(N, T)> = level.map(|item| (name(item), item)).collect();
    let room = limit - chosen.len();
    if room < level.len() {
        level.select_nth_unstable_by(room, |a, b| a.0.cmp(&b.0));
        level.truncate(room);
    }
    chosen.extend(level.into_iter().map(|(_, item)| item));
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn they_are_those_that_come_first_in_order(keys in prop::collection::vec(0_u8..6, 0..40), limit in 0_usize..45) {
            let items: Vec<(u8, usize)> = keys.into_iter().enumerate().map(|(n, key)| (key, n * 7 % 41)).collect();
            let mut wanted = items.clone();
            wanted.sort_unstable();
            wanted.truncate(limit);
            let mut found = foremost(items.iter().copied(), limit, |(key, _)| key, |(_, name)| name);
            found.sort_unstable();
            prop_assert_eq!(found, wanted);
        }
    }
}
