//! Bodies of every format as plain text, and plain text again.

use super::*;
use proptest::prelude::*;

fn html(body: &str) -> String {
    to_plain(body, BodyFormat::Html)
}

fn markdown(body: &str) -> String {
    to_plain(body, BodyFormat::Markdown)
}

fn text(body: &str) -> String {
    to_plain(body, BodyFormat::Text)
}

#[test]
fn html_blocks_break_lines_and_entities_are_decoded() {
    assert_eq!(
        html("<p>One &amp; two</p><p>three<br>four\nfive</p>"),
        "One & two\nthree\nfour five"
    );
    assert_eq!(html("<ul><li>a</li><li>b</li></ul>"), "a\nb");
    assert_eq!(
        html("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"),
        "a b\nc"
    );
    assert_eq!(html("a<b>b</b>c <i> d</i>"), "abc d");
    assert_eq!(html("caf&eacute; &lt;T&gt; &#x1F600;"), "café <T> 😀");
    assert_eq!(html("no mark-up at all"), "no mark-up at all");
    assert_eq!(html(""), "");
    assert_eq!(html("<p><img src=\"x.png\"></p>"), "");
}

#[test]
fn html_code_keeps_its_lines() {
    assert_eq!(
        html("<p>Run:</p><pre><code>a\n  b\n</code></pre><p>c\nd</p>"),
        "Run:\na\nb\nc d"
    );
    assert_eq!(
        html("<pre>&gt;&gt;&gt; 1+1\n2</pre>"),
        " >>> 1+1\n2",
        "a prompt is no quotation"
    );
}

#[test]
fn scripts_and_styles_are_no_words() {
    assert_eq!(
        html("a<script>if (x < 1) { '</p>' }</script>b<style>p{}</style>c"),
        "abc"
    );
    assert_eq!(html("a<svg><title>t</title><svg></svg>x</svg>b"), "ab");
    assert_eq!(html("a<script>never closed"), "a");
    assert_eq!(html("a<!-- c --><!doctype html>b"), "ab");
}

#[test]
fn html_quotations_go_with_what_introduces_them() {
    assert_eq!(
        html("x<blockquote>a<blockquote>b</blockquote>c</blockquote>y"),
        "x\n\ny"
    );
    assert_eq!(html("<p>Ana said:</p><blockquote>a</blockquote><p>No.</p>"), "No.");
    assert_eq!(html("<aside class=\"quote no-group\"><div>a</div></aside>b"), "b");
    assert_eq!(
        html("<aside>a</aside>b"),
        "a\nb",
        "an aside is only a quotation when it is marked as one"
    );
    assert_eq!(
        html("Yes.<div class=\"gmail_quote\"><div>On Monday</div>x</div>"),
        "Yes."
    );
    assert_eq!(html("</blockquote>a"), "a");
}

#[test]
fn markdown_keeps_words_and_code() {
    assert_eq!(
        markdown("# Title\n\nSome *words* and `code`, [a link](https://x.example)."),
        "Title\nSome words and code, a link."
    );
    assert_eq!(markdown("- a\n- b\n  - c\n\n1. d"), "a\nb\nc\nd");
    assert_eq!(markdown("```sh\n$ ls\n> x\n```"), "$ ls\n > x");
    assert_eq!(markdown("| a | b |\n|---|---|\n| c | d |"), "a b\nc d");
    assert_eq!(markdown("![a picture](x.png) seen"), "seen");
    assert_eq!(markdown("one\ntwo  \nthree"), "one\ntwo\nthree");
}

#[test]
fn markdown_quotations_and_html_go() {
    assert_eq!(markdown("> quoted\n> > twice\n\nmine"), "mine");
    assert_eq!(markdown("Ana wrote:\n\n> quoted\n\nmine"), "mine");
    assert_eq!(markdown("```quote\nquoted\n```\nmine"), "mine");
    assert_eq!(
        markdown("a <b>bold</b> &amp; <script>x()</script>word"),
        "a bold & word"
    );
    assert_eq!(markdown("<blockquote>\n\nquoted\n\n</blockquote>\n\nmine"), "mine");
}

#[test]
fn text_loses_its_quoted_lines() {
    assert_eq!(
        text("Yes.\n\nOn Mon, 3 May 2024, Ana wrote:\n> no?\n> really\n\nSo be it."),
        "Yes.\n\nSo be it."
    );
    assert_eq!(
        text("Oui.\n\nLe 3 mai 2024, Ana Rey\n<ana@mail.example> a écrit\u{a0}:\n> non ?"),
        "Oui."
    );
    assert_eq!(
        text("On this I agree with what she wrote:\nnothing"),
        "On this I agree with what she wrote:\nnothing"
    );
    assert_eq!(text("> all of it"), "");
    assert_eq!(text("  > indented"), " > indented");
}

#[test]
fn white_space_and_invisible_characters_are_tidied() {
    assert_eq!(text(" a \t b\r\nc\rd\n\n\n\ne\u{0}\u{200b}f \n"), "a b\nc\nd\n\nef");
    assert_eq!(text("e\u{301}"), "é");
    assert_eq!(text("e\u{1}\u{301}"), "é");
    assert_eq!(text(">\u{338} not a quotation"), "\u{226f} not a quotation");
    assert_eq!(one_line("  a\n b\u{7} c "), "a b c");
    assert_eq!(one_line("tidy already"), "tidy already");
    assert_eq!(paragraphs("> kept\n\n\nb"), "> kept\n\nb");
}

#[test]
fn a_body_is_cut_at_its_limit_and_nowhere_else() {
    let long = "é".repeat(MAX_BODY + 7);
    assert_eq!(text(&long).chars().count(), MAX_BODY);
    assert_eq!(html(&format!("<p>{long}")).chars().count(), MAX_BODY);
    assert_eq!(text(&"é".repeat(MAX_BODY)).chars().count(), MAX_BODY);
    let spaced = format!("{} > x", "a".repeat(MAX_BODY - 1));
    assert_eq!(text(&text(&spaced)), text(&spaced));
}

#[test]
fn deep_nesting_costs_nothing() {
    assert_eq!(html(&format!("{}x", "<div>".repeat(100_000))), "x");
    assert_eq!(markdown(&format!("{}x", "> ".repeat(20_000))), "");
    assert_eq!(html(&format!("{}x", "<blockquote>".repeat(50_000))), "");
}

fn marked_up() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<p>"),
        Just("</p>"),
        Just("<pre>"),
        Just("</pre>"),
        Just("<blockquote>"),
        Just("</blockquote>"),
        Just("<script>"),
        Just("</script>"),
        Just("\n"),
        Just("> "),
        Just(">"),
        Just("```\n"),
        Just("- "),
        Just("&gt;"),
        Just("On x\n"),
        Just("Ana wrote:\n"),
        Just("a écrit :"),
        Just(" "),
        Just("\u{301}"),
        Just("\u{338}"),
        Just("\r"),
        Just("<"),
        Just("&#1;"),
        Just("\u{2028}"),
        Just("word"),
        Just("`"),
        Just("\u{200b}"),
        Just("|a|\n|-|\n"),
    ]
    .prop_map(str::to_owned);
    let piece = prop_oneof![4 => piece, 1 => any::<String>()];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn plain_text_read_again_is_itself(body in marked_up()) {
        for format in [BodyFormat::Text, BodyFormat::Markdown, BodyFormat::Html] {
            let plain = to_plain(&body, format);
            prop_assert_eq!(&text(&plain), &plain);
            prop_assert!(!plain.chars().any(|c| c.is_control() && c != '\n'));
        }
        let line = one_line(&body).into_owned();
        prop_assert_eq!(one_line(&line), line.as_str());
        let lines = paragraphs(&body);
        prop_assert_eq!(&paragraphs(&lines), &lines);
    }
}
