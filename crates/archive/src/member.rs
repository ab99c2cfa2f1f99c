//! One record as one gzip member, and the counting of members in a stream: the unit in which the
//! archive is written, found again and healed.

use std::io::{self, BufRead, Read, Write};

use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};

/// How a record's block is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    /// At level 1: the text of pages shrinks to a third (31 %), for a third of the time of level 6,
    /// which would make it 23 %. Measured on pages of 100 KB with zlib-rs.
    Fast,
    /// Not at all: the block is packed already, and would only grow.
    Stored,
}

/// Writes one record as a gzip member at the end of `out`: `fields` in their order, then the parts of
/// its block.
pub(crate) fn append(
    out: &mut Vec<u8>,
    fields: &[(&str, String)],
    block: &[&[u8]],
    packing: Packing,
) -> io::Result<()> {
    let level = match packing {
        Packing::Fast => Compression::new(1),
        Packing::Stored => Compression::none(),
    };
    let mut gz: GzEncoder<&mut Vec<u8>> = GzBuilder::new().mtime(0).write(out, level);
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
struct Counted<R> {
    inner: R,
    taken: u64,
}

impl<R: BufRead> Counted<R> {
    fn new(inner: R) -> Self {
        Self { inner, taken: 0 }
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

/// So much of each member is given out: enough for the heads of any record of ours.
const GIVEN_OUT: u64 = 64_000;

/// Reads the whole gzip members with right checksums at the start of `reader`, and tells `each` where
/// it begins, how long it is, and the beginning of what it unpacks to. Returns how many bytes they
/// are. What follows them is torn, or nothing.
///
/// # Errors
/// Where the disk fails: what stands there is not torn for that.
pub(crate) fn each_whole(reader: impl BufRead, mut each: impl FnMut(u64, u64, Vec<u8>)) -> io::Result<u64> {
    let mut reader = Counted::new(reader);
    let mut whole = 0;
    loop {
        if reader.fill_buf()?.is_empty() {
            return Ok(whole);
        }
        let mut unpacked = Vec::new();
        let mut member = GzDecoder::new(&mut reader);
        let read = (&mut member).take(GIVEN_OUT).read_to_end(&mut unpacked);
        match read.and_then(|_| io::copy(&mut member, &mut io::sink())) {
            Ok(_) => {
                each(whole, reader.taken - whole, unpacked);
                whole = reader.taken;
            }
            Err(error) if is_torn(&error) => return Ok(whole),
            Err(error) => return Err(error),
        }
    }
}

/// Whether what could be read is no gzip, in contrast to what could not be read.
fn is_torn(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole_bytes(bytes: &[u8]) -> u64 {
        each_whole(bytes, |_, _, _| {}).unwrap()
    }

    fn members(count: usize) -> (Vec<u8>, Vec<usize>) {
        let (mut bytes, mut ends) = (Vec::new(), Vec::new());
        for i in 0..count {
            append(
                &mut bytes,
                &[("WARC-Type", "resource".to_owned())],
                &[format!("block {i}").as_bytes()],
                Packing::Fast,
            )
            .unwrap();
            ends.push(bytes.len());
        }
        (bytes, ends)
    }

    #[test]
    fn whole_members_are_counted_and_a_torn_one_is_not() {
        let (bytes, ends) = members(3);
        assert_eq!(whole_bytes(&bytes), bytes.len() as u64);
        for cut in 0..bytes.len() {
            let expected = ends.iter().copied().filter(|end| *end <= cut).max().unwrap_or(0);
            assert_eq!(whole_bytes(&bytes[..cut]), expected as u64, "cut at {cut}");
        }
    }

    #[test]
    fn members_are_told_with_their_places() {
        let (bytes, ends) = members(3);
        let mut told = Vec::new();
        each_whole(&bytes[..], |offset, length, unpacked| told.push((offset + length, unpacked))).unwrap();
        for (i, (end, unpacked)) in told.iter().enumerate() {
            assert_eq!(*end, ends[i] as u64);
            assert!(unpacked.ends_with(format!("block {i}\r\n\r\n").as_bytes()));
        }
        assert_eq!(told.len(), 3);
    }

    #[test]
    fn a_disk_that_fails_tears_nothing() {
        struct Failing;
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("input/output error"))
            }
        }
        let (bytes, ends) = members(2);
        let reader = io::BufReader::new(bytes[..ends[0] + 20].chain(Failing));
        assert!(each_whole(reader, |_, _, _| {}).is_err(), "a failing disk is no torn end");
    }

    #[test]
    fn a_member_with_a_flipped_bit_is_not_whole() {
        let (bytes, ends) = members(2);
        // From the second byte of the compressed data on: of the first, some bits are idle.
        for at in ends[0] + 11..bytes.len() {
            let mut rotten = bytes.clone();
            rotten[at] ^= 0x10;
            assert_eq!(whole_bytes(&rotten), ends[0] as u64, "flipped at {at}");
        }
    }

    #[test]
    fn a_value_cannot_begin_a_field_of_its_own() {
        let mut bytes = Vec::new();
        let uri = "http://a.example/\r\nWARC-Type: warcinfo".to_owned();
        append(&mut bytes, &[("WARC-Target-URI", uri)], &[], Packing::Stored).unwrap();
        let mut text = String::new();
        GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
        assert!(text.lines().all(|line| !line.starts_with("WARC-Type")), "{text}");
    }
}
