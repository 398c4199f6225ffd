//! How far an import is, on a terminal; nothing at all elsewhere.

use super::feed::Input;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fs::File;
use std::io::{IsTerminal as _, Read as _, Seek as _, SeekFrom};
use std::path::Path;

/// The bar.
pub struct Progress(ProgressBar);

impl Progress {
    /// Shows a bar on standard error, if that is a terminal.
    pub fn start(inputs: &[Input]) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let sizes: Option<Vec<u64>> = inputs.iter().map(|input| input.path().and_then(text_bytes)).collect();
        let (total, template) = match &sizes {
            Some(sizes) => (
                Some(sizes.iter().sum()),
                "{bar:30} {percent:>3}%  {bytes} read, {bytes_per_sec}, {eta} to go  {msg}",
            ),
            None => (None, "{spinner} {bytes} read, {bytes_per_sec}  {msg}"),
        };
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr_with_hz(5));
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// So many bytes of text were read further.
    pub fn read(&self, bytes: usize) {
        self.0.inc(bytes as u64);
        // The size of a compressed file is an estimate, and may be passed.
        if self.0.length().is_some_and(|length| self.0.position() > length) {
            self.0.set_length(self.0.position());
        }
    }

    /// So many events are in.
    pub fn taken(&self, events: u64) {
        self.0.set_message(format!("{events} events in"));
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}

/// About how many bytes of text a file holds: its size, or, compressed, what its last four bytes say.
fn text_bytes(path: &Path) -> Option<u64> {
    let mut file = File::open(path).ok()?;
    let size = file.metadata().ok().filter(std::fs::Metadata::is_file)?.len();
    let mut magic = [0; 2];
    if size < 18 || file.read_exact(&mut magic).is_err() || magic != [0x1f, 0x8b] {
        return Some(size);
    }
    let mut last = [0; 4];
    file.seek(SeekFrom::End(-4)).ok()?;
    file.read_exact(&mut last).ok()?;
    Some(u64::from(u32::from_le_bytes(last)).max(size))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn a_compressed_file_counts_with_its_text() {
        let folder = tempfile::tempdir().unwrap();
        let (plain, packed) = (folder.path().join("a"), folder.path().join("a.gz"));
        let text = "a line of text\n".repeat(1_000);
        std::fs::write(&plain, &text).unwrap();
        let mut encoder = flate2::write::GzEncoder::new(File::create(&packed).unwrap(), flate2::Compression::best());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap();
        assert_eq!(text_bytes(&plain), Some(text.len() as u64));
        assert_eq!(text_bytes(&packed), Some(text.len() as u64));
        assert_eq!(text_bytes(folder.path()), None, "a folder is no file");
    }
}
