//! Characters: one form for all that people take for the same letter.
//!
//! Normalising and folding are pure and never fail; neither knows words, languages or suffixes.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_canonical;

/// NFKC and lowercase; one apostrophe and one hyphen for all their kinds; marks that only decorate are dropped first
/// (NFKC would turn `™` into the letters `tm`).
pub(super) fn normalise_into(text: &str, out: &mut String) {
    out.clear();
    if text.is_ascii() {
        out.push_str(text);
        out.make_ascii_lowercase();
        return;
    }
    let kept = text
        .chars()
        .filter(|c| !matches!(c, '™' | '℠' | '\u{ad}' | '\u{200b}' | '\u{feff}'));
    out.extend(kept.nfkc().flat_map(char::to_lowercase).map(|c| match c {
        '’' | 'ʼ' => '\'',
        '\u{2010}' | '\u{2011}' => '-',
        other => other,
    }));
}

/// Appends `word` without accents: Latin, Greek and Cyrillic diacritics go, ligatures open; other scripts stay.
pub(super) fn fold_into(word: &str, out: &mut String) {
    for c in word.chars() {
        match c {
            '\0'..='\x7f' => out.push(c),
            'œ' => out.push_str("oe"),
            'æ' => out.push_str("ae"),
            'ß' => out.push_str("ss"),
            'ø' => out.push('o'),
            'đ' => out.push('d'),
            'ł' => out.push('l'),
            'ı' => out.push('i'),
            '\u{300}'..='\u{36f}' => {}
            _ if (c as u32) < 0x2000 => decompose_canonical(c, |part| {
                if !('\u{300}'..='\u{36f}').contains(&part) {
                    out.push(part);
                }
            }),
            _ => out.push(c),
        }
    }
}

/// The letters and digits of `text`, lowercase and without accents, one after the other: whatever people type between and
/// above them. It allocates nothing, so that a name may be compared with everybody's.
pub fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    let letters = text.nfkd().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase)
}

/// A script without spaces, where one character is a word.
pub(super) fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Letters and accents only.
pub(super) fn is_alphabetic(word: &str) -> bool {
    word.chars()
        .all(|c| c.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&c))
}

/// ASCII digits only.
pub(super) fn is_numeric(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(text: &str) -> String {
        let mut out = String::from("left over");
        normalise_into(text, &mut out);
        out
    }

    fn folded(text: &str) -> String {
        let mut out = String::new();
        fold_into(text, &mut out);
        out
    }

    #[test]
    fn compatibility_forms_and_signs_become_one() {
        assert_eq!(normalised("ﬁle Ｗ’x‑y ÉCOLE Word™"), "file w'x-y école word");
        assert_eq!(normalised("PLAIN"), "plain");
    }

    #[test]
    fn letters_are_what_spellings_of_a_name_have_in_common() {
        let of = |text| letters(text).collect::<String>();
        assert_eq!(of("Pôle emploi"), of("pole-emploi"));
        assert_eq!(of("Po\u{302}le\u{a0}Emploi™").as_str(), "poleemploitm");
        assert_eq!((of("N° 7").as_str(), of(" – ").as_str()), ("n7", ""));
        assert_ne!(of("UT7"), of("UT 8"));
    }

    #[test]
    fn folding_opens_ligatures_and_leaves_other_scripts() {
        assert_eq!(folded("œuvre çà straße łódź"), "oeuvre ca strasse lodz");
        assert_eq!(folded("ёлка 数据 가"), "елка 数据 가");
    }
}
