//! A body as it arrives: kept raw, and taken out of its content codings (RFC 9110 section 8.4) on
//! the fly, under caps.
//!
//! The caps are on what comes OUT of each coding, counted while it comes out: a small answer that
//! would grow to gigabytes is cut after the first megabytes, however many codings are stacked.

use std::io::{self, Write};

use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use crate::OutboundError;

/// So many codings on top of each other are taken off. Two are seen in the wild, by mistake.
const MAX_CODINGS: usize = 3;
/// Windows up to 8 MiB (RFC 9659 section 3).
const ZSTD_WINDOW_LOG: u32 = 23;

/// What arrived of a body so far.
pub(crate) struct Body {
    raw: Vec<u8>,
    decoded: Vec<u8>,
    layers: Vec<Layer>,
    max_raw: usize,
    max_decoded: usize,
    truncated: bool,
}

/// A finished body.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) raw: Vec<u8>,
    pub(crate) body: Vec<u8>,
    pub(crate) truncated: bool,
}

impl Body {
    /// `codings` as in `Content-Encoding`, in the order they were applied. Unknown ones ("utf-8",
    /// "none") are met where no coding was applied at all, and are passed over.
    pub(crate) fn new(codings: &str, max_raw: usize, max_decoded: usize) -> Result<Self, OutboundError> {
        let known: Vec<Coding> = codings.split(',').filter_map(|name| Coding::parse(name.trim())).collect();
        if known.len() > MAX_CODINGS {
            return Err(OutboundError::TooLarge(format!("{} content codings", known.len())));
        }
        let layers = known.iter().rev().map(|coding| Layer::new(*coding, max_decoded)).collect::<Result<_, _>>();
        let layers = layers.map_err(|error| OutboundError::Setup(error.to_string()))?;
        Ok(Self { raw: Vec::new(), decoded: Vec::new(), layers, max_raw, max_decoded, truncated: false })
    }

    /// Takes the next bytes. `false` once a cap is reached: no more are wanted.
    pub(crate) fn push(&mut self, chunk: &[u8]) -> Result<bool, OutboundError> {
        let room = self.max_raw - self.raw.len();
        let chunk = if chunk.len() > room {
            self.truncated = true;
            &chunk[..room]
        } else {
            chunk
        };
        self.raw.extend_from_slice(chunk);
        self.decode(chunk, false)?;
        Ok(!self.truncated)
    }

    /// Ends the body.
    pub(crate) fn finish(mut self) -> Result<Decoded, OutboundError> {
        self.decode(&[], true)?;
        if self.layers.is_empty() {
            // Nothing was decoded: the body is what arrived.
            self.truncated |= self.raw.len() > self.max_decoded;
            let mut body = self.raw.clone();
            body.truncate(self.max_decoded);
            return Ok(Decoded { raw: self.raw, body, truncated: self.truncated });
        }
        Ok(Decoded { raw: self.raw, body: self.decoded, truncated: self.truncated })
    }

    fn decode(&mut self, chunk: &[u8], last: bool) -> Result<(), OutboundError> {
        let mut data = chunk.to_vec();
        let mut fault = None;
        for layer in &mut self.layers {
            let mut result = layer.write(&data);
            if last && result.is_ok() && !self.truncated {
                result = layer.end();
            }
            data = std::mem::take(&mut layer.out().bytes);
            if let Err(error) = result {
                fault = Some((layer.out().full, error));
                break;
            }
        }
        if self.layers.is_empty() {
            return Ok(());
        }
        match fault {
            // What came out of the fault's own layer is worth keeping only if it is the last one.
            None => self.decoded.append(&mut data),
            Some((true, _)) => {
                self.truncated = true;
                self.keep_last(data);
            }
            Some((false, _)) if !self.decoded.is_empty() => {
                self.truncated = true;
                self.keep_last(data);
            }
            // The header claims a coding that was never applied.
            Some((false, _)) if looks_plain(&self.raw) => self.layers.clear(),
            Some((false, error)) => {
                return Err(OutboundError::Protocol(format!("cannot undo the content coding: {error}")));
            }
        }
        Ok(())
    }

    fn keep_last(&mut self, mut data: Vec<u8>) {
        if self.layers.len() == 1 {
            self.decoded.append(&mut data);
            self.decoded.truncate(self.max_decoded);
        }
    }
}

/// Markup or JSON as it stands.
fn looks_plain(raw: &[u8]) -> bool {
    matches!(raw.trim_ascii_start().first(), Some(b'<' | b'{' | b'['))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

impl Coding {
    fn parse(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "deflate" => Some(Self::Deflate),
            "br" => Some(Self::Brotli),
            "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }
}

/// Where a coding's output goes, up to a limit over all of it.
struct Out {
    bytes: Vec<u8>,
    left: usize,
    full: bool,
}

impl Write for Out {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let taken = data.len().min(self.left);
        self.bytes.extend_from_slice(&data[..taken]);
        self.left -= taken;
        if taken < data.len() {
            self.full = true;
            return Err(io::Error::other("larger than allowed"));
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

enum Layer {
    Gzip(Box<MultiGzDecoder<Out>>),
    /// Undecided until the first bytes tell which of the two it is.
    DeflateUnknown(Out, Vec<u8>),
    Zlib(Box<ZlibDecoder<Out>>),
    Raw(Box<DeflateDecoder<Out>>),
    Brotli(Box<brotli::DecompressorWriter<Out>>),
    Zstd(Box<zstd::stream::write::Decoder<'static, Out>>),
}

impl Layer {
    fn new(coding: Coding, max: usize) -> io::Result<Self> {
        let out = Out { bytes: Vec::new(), left: max, full: false };
        Ok(match coding {
            Coding::Gzip => Self::Gzip(Box::new(MultiGzDecoder::new(out))),
            Coding::Deflate => Self::DeflateUnknown(out, Vec::new()),
            Coding::Brotli => Self::Brotli(Box::new(brotli::DecompressorWriter::new(out, 8192))),
            Coding::Zstd => {
                let mut decoder = zstd::stream::write::Decoder::new(out)?;
                decoder.window_log_max(ZSTD_WINDOW_LOG)?;
                Self::Zstd(Box::new(decoder))
            }
        })
    }

    fn write(&mut self, data: &[u8]) -> io::Result<()> {
        if let Self::DeflateUnknown(out, begun) = self {
            begun.extend_from_slice(data);
            let [first, second, ..] = begun[..] else { return Ok(()) };
            let out = std::mem::replace(out, Out { bytes: Vec::new(), left: 0, full: false });
            let begun = std::mem::take(begun);
            // "deflate" means zlib (RFC 9110 section 8.4.1.2), but some send raw deflate. A zlib
            // header is told by its check bits (RFC 1950 section 2.2).
            let zlib = first & 0x0f == 8 && (u16::from(first) << 8 | u16::from(second)).is_multiple_of(31);
            *self = match zlib {
                true => Self::Zlib(Box::new(ZlibDecoder::new(out))),
                false => Self::Raw(Box::new(DeflateDecoder::new(out))),
            };
            return self.write(&begun);
        }
        match self {
            Self::Gzip(decoder) => decoder.write_all(data),
            Self::DeflateUnknown(..) => Ok(()),
            Self::Zlib(decoder) => decoder.write_all(data),
            Self::Raw(decoder) => decoder.write_all(data),
            Self::Brotli(decoder) => decoder.write_all(data),
            Self::Zstd(decoder) => decoder.write_all(data),
        }
    }

    fn end(&mut self) -> io::Result<()> {
        match self {
            Self::Gzip(decoder) => decoder.try_finish(),
            Self::DeflateUnknown(..) => Ok(()),
            Self::Zlib(decoder) => decoder.try_finish(),
            Self::Raw(decoder) => decoder.try_finish(),
            Self::Brotli(decoder) => decoder.close(),
            Self::Zstd(decoder) => decoder.flush(),
        }
    }

    fn out(&mut self) -> &mut Out {
        match self {
            Self::Gzip(decoder) => decoder.get_mut(),
            Self::DeflateUnknown(out, _) => out,
            Self::Zlib(decoder) => decoder.get_mut(),
            Self::Raw(decoder) => decoder.get_mut(),
            Self::Brotli(decoder) => decoder.get_mut(),
            Self::Zstd(decoder) => decoder.get_mut(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] = b"<p>Twelve newsrooms in seven languages published it at the same minute.</p>";

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(data).expect("in memory");
        encoder.finish().expect("in memory")
    }

    fn zlib(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(data).expect("in memory");
        encoder.finish().expect("in memory")
    }

    fn deflate(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(data).expect("in memory");
        encoder.finish().expect("in memory")
    }

    fn brotli(data: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut encoder = brotli::CompressorWriter::new(&mut out, 4096, 5, 22);
        encoder.write_all(data).expect("in memory");
        drop(encoder);
        out
    }

    fn read(codings: &str, data: &[u8], max: usize) -> Result<Decoded, OutboundError> {
        let mut body = Body::new(codings, 1 << 20, max)?;
        for chunk in data.chunks(7) {
            if !body.push(chunk)? {
                break;
            }
        }
        body.finish()
    }

    #[test]
    fn every_coding_is_undone_in_any_portions() {
        let zstd = zstd::encode_all(TEXT, 3).expect("in memory");
        for (codings, data) in [
            ("", TEXT.to_vec()),
            ("identity", TEXT.to_vec()),
            ("utf-8", TEXT.to_vec()),
            ("gzip", gzip(TEXT)),
            ("X-GZIP", gzip(TEXT)),
            ("deflate", zlib(TEXT)),
            ("deflate", deflate(TEXT)),
            ("br", brotli(TEXT)),
            ("zstd", zstd),
            ("deflate, gzip", gzip(&zlib(TEXT))),
            ("gzip", TEXT.to_vec()),
        ] {
            let decoded = read(codings, &data, 1 << 20).unwrap_or_else(|error| panic!("{codings}: {error}"));
            assert_eq!(decoded.body, TEXT, "{codings}");
            assert_eq!(decoded.raw, data, "{codings}");
            assert!(!decoded.truncated, "{codings}");
        }
    }

    #[test]
    fn a_bomb_is_cut_at_the_cap() {
        let zeros = vec![b'0'; 4 << 20];
        let zstd = zstd::encode_all(&zeros[..], 3).expect("in memory");
        for (codings, data) in [
            ("gzip", gzip(&zeros)),
            ("deflate", zlib(&zeros)),
            ("br", brotli(&zeros)),
            ("zstd", zstd),
            ("gzip, gzip", gzip(&gzip(&zeros))),
        ] {
            let decoded = read(codings, &data, 100_000).unwrap_or_else(|error| panic!("{codings}: {error}"));
            assert!(decoded.truncated, "{codings}");
            assert!(decoded.body.len() <= 100_000 && decoded.body.iter().all(|b| *b == b'0'), "{codings}");
        }
    }

    #[test]
    fn what_grows_between_two_codings_is_capped_too() {
        // The outer coding unfolds to megabytes of empty gzip members, which unfold to nothing.
        let empties = gzip(b"").repeat(200_000);
        let decoded = read("gzip, gzip", &gzip(&empties), 100_000).expect("cut, not refused");
        assert!(decoded.truncated && decoded.body.is_empty());
    }

    #[test]
    fn a_raw_body_is_cut_too() {
        let mut body = Body::new("", 10, 1000).expect("no codings");
        assert_eq!(body.push(b"0123456789abc"), Ok(false));
        let decoded = body.finish().expect("cut");
        assert_eq!((decoded.body.as_slice(), decoded.truncated), (&b"0123456789"[..], true));
    }

    #[test]
    fn a_coding_that_breaks_off_leaves_what_came_before() {
        let long: Vec<u8> = (0..60_000u32).flat_map(|n| n.to_string().into_bytes()).collect();
        let whole = gzip(&long);
        let decoded = read("gzip", &whole[..whole.len() / 2], 1 << 20).expect("the first half");
        assert!(decoded.truncated && !decoded.body.is_empty() && long.starts_with(&decoded.body));
        assert!(matches!(read("gzip", b"\x1f\x8b\x08\xff\xff\xff", 1000), Err(OutboundError::Protocol(_))));
        assert!(matches!(read("br, br, br, br", TEXT, 1000), Err(OutboundError::TooLarge(_))));
    }
}
