//! Content codings taken off a kept body, under a cap. Archives of others often name a coding that
//! their tool took off already, so that what does not decode is taken as it stands.

use std::io::{self, BufReader, Read};

use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// So many codings on top of each other are taken off.
const MAX_CODINGS: usize = 3;

/// Windows up to 8 MiB (RFC 9659 section 3).
const ZSTD_WINDOW_LOG: u32 = 23;

/// `body` without `codings` (as in `Content-Encoding`, in the order applied), and whether it was
/// cut at `cap` bytes or broke off.
pub(crate) fn decode(codings: &str, body: &[u8], cap: usize) -> (Vec<u8>, bool) {
    let mut current = body.to_vec();
    let mut cut = current.len() > cap;
    current.truncate(cap);
    for coding in codings.rsplit(',').map(|name| name.trim().to_ascii_lowercase()).take(MAX_CODINGS) {
        let Some((decoded, broke_off)) = take_off(&coding, &current, cap) else { continue };
        current = decoded;
        cut |= broke_off;
    }
    (current, cut)
}

/// `None` where there was nothing to take off.
fn take_off(coding: &str, body: &[u8], cap: usize) -> Option<(Vec<u8>, bool)> {
    if body.is_empty() {
        return None;
    }
    match coding {
        "gzip" | "x-gzip" => read_up_to(MultiGzDecoder::new(body), cap),
        "deflate" => read_up_to(ZlibDecoder::new(body), cap).or_else(|| read_up_to(DeflateDecoder::new(body), cap)),
        "br" => read_up_to(brotli::Decompressor::new(body, 4096), cap),
        "zstd" => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(BufReader::new(body)).ok()?;
            decoder.window_log_max(ZSTD_WINDOW_LOG).ok()?;
            read_up_to(decoder, cap)
        }
        _ => None,
    }
}

/// What comes out, and whether there would be more; `None` where nothing does.
fn read_up_to(decoder: impl Read, cap: usize) -> Option<(Vec<u8>, bool)> {
    let mut out = Vec::new();
    let limit = u64::try_from(cap).unwrap_or(u64::MAX).saturating_add(1);
    let result: io::Result<usize> = decoder.take(limit).read_to_end(&mut out);
    if result.is_err() && out.is_empty() {
        return None;
    }
    let cut = out.len() > cap || result.is_err();
    out.truncate(cap);
    Some((out, cut))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    fn gzip(body: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(body).unwrap();
        encoder.finish().unwrap()
    }

    fn check(codings: &str, body: &[u8]) {
        assert_eq!(decode(codings, body, 1000), (b"words".to_vec(), false), "{codings}");
    }

    #[test]
    fn codings_come_off() {
        check("", b"words");
        check("identity", b"words");
        check("gzip", &gzip(b"words"));
        check("X-GZIP", &gzip(b"words"));
        check("gzip, gzip", &gzip(&gzip(b"words")));
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(b"words").unwrap();
        check("deflate", &zlib.finish().unwrap());
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::fast());
        raw.write_all(b"words").unwrap();
        check("deflate", &raw.finish().unwrap());
        let mut br = Vec::new();
        brotli::CompressorWriter::new(&mut br, 4096, 5, 20).write_all(b"words").unwrap();
        check("br", &br);
        check("zstd", &zstd::encode_all(&b"words"[..], 1).unwrap());
    }

    #[test]
    fn a_coding_that_was_taken_off_already_is_no_harm() {
        for coding in ["gzip", "deflate", "br", "zstd"] {
            check(coding, b"words");
        }
    }

    #[test]
    fn a_bomb_stops_at_the_cap() {
        let bomb = gzip(&vec![b'a'; 10_000_000]);
        let (body, cut) = decode("gzip", &bomb, 1000);
        assert_eq!((body.len(), cut), (1000, true));
    }

    #[test]
    fn a_body_that_breaks_off_gives_what_came() {
        let whole = gzip(&b"words of many a page ".repeat(5000));
        let (body, cut) = decode("gzip", &whole[..whole.len() / 2], 1_000_000);
        assert!(cut && body.starts_with(b"words of many a page"));
    }
}
