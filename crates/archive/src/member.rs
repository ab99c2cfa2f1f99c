//! One record as one gzip member, and the counting of members in a stream: the unit in which the
//! archive is written, found again and healed.

use std::io::{self, BufRead, Read, Write};

use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};

/// Writes one record as a gzip member at the end of `out`: `fields` in their order, then `block`.
pub(crate) fn append(out: &mut Vec<u8>, fields: &[(&str, String)], block: &[&[u8]]) -> io::Result<()> {
    // Level 1: the text of pages shrinks to a quarter, and the higher levels gain little for their time.
    let mut gz: GzEncoder<&mut Vec<u8>> = GzBuilder::new().mtime(0).write(out, Compression::new(1));
    let mut head = String::from("WARC/1.1\r\n");
    for (name, value) in fields {
        head.push_str(name);
        head.push_str(": ");
        // A line break in a value would begin a field of the page's own making.
        head.extend(value.chars().map(|c| if c.is_control() { ' ' } else { c }));
        head.push_str("\r\n");
    }
    let length: usize = block.iter().map(|part| part.len()).sum();
    head.push_str(&format!("Content-Length: {length}\r\n\r\n"));
    gz.write_all(head.as_bytes())?;
    for part in block {
        gz.write_all(part)?;
    }
    gz.write_all(b"\r\n\r\n")?;
    gz.finish()?;
    Ok(())
}

/// A reader that knows how many bytes were taken from it.
pub(crate) struct Counted<R> {
    inner: R,
    taken: u64,
}

impl<R: BufRead> Counted<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, taken: 0 }
    }

    pub(crate) fn taken(&self) -> u64 {
        self.taken
    }
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.taken += read as u64;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.taken += amount as u64;
        self.inner.consume(amount);
    }
}

/// How many bytes at the start of `reader` are whole gzip members with right checksums.
pub(crate) fn whole_bytes(reader: impl BufRead) -> u64 {
    let mut reader = Counted::new(reader);
    let mut whole = 0;
    loop {
        match reader.fill_buf() {
            Ok(rest) if !rest.is_empty() => {}
            _ => return whole,
        }
        if io::copy(&mut GzDecoder::new(&mut reader), &mut io::sink()).is_err() {
            return whole;
        }
        whole = reader.taken;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(count: usize) -> (Vec<u8>, Vec<usize>) {
        let (mut bytes, mut ends) = (Vec::new(), Vec::new());
        for i in 0..count {
            append(&mut bytes, &[("WARC-Type", "resource".to_owned())], &[format!("block {i}").as_bytes()]).unwrap();
            ends.push(bytes.len());
        }
        (bytes, ends)
    }

    #[test]
    fn whole_members_are_counted_and_a_torn_one_is_not() {
        let (bytes, ends) = members(3);
        assert_eq!(whole_bytes(&bytes[..]), bytes.len() as u64);
        for cut in 0..bytes.len() {
            let expected = ends.iter().copied().filter(|end| *end <= cut).max().unwrap_or(0);
            assert_eq!(whole_bytes(&bytes[..cut]), expected as u64, "cut at {cut}");
        }
    }

    #[test]
    fn a_member_with_a_flipped_bit_is_not_whole() {
        let (bytes, ends) = members(2);
        // From the second byte of the compressed data on: of the first, some bits are idle.
        for at in ends[0] + 11..bytes.len() {
            let mut rotten = bytes.clone();
            rotten[at] ^= 0x10;
            assert_eq!(whole_bytes(&rotten[..]), ends[0] as u64, "flipped at {at}");
        }
    }

    #[test]
    fn a_value_cannot_begin_a_field_of_its_own() {
        let mut bytes = Vec::new();
        let uri = "http://a.example/\r\nWARC-Type: warcinfo".to_owned();
        append(&mut bytes, &[("WARC-Target-URI", uri)], &[]).unwrap();
        let mut text = String::new();
        GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
        assert!(text.lines().all(|line| !line.starts_with("WARC-Type")), "{text}");
    }
}
