//! SHA-1 digests as WARC writes them: `sha1:` and base32. SHA-1 is what every WARC tool expects; it
//! is a name for bytes here, not a defence.

use data_encoding::{BASE32, BASE64, HEXLOWER_PERMISSIVE};
use sha1::{Digest, Sha1};

/// A digest as bytes, to compare by.
pub(crate) type Bare = [u8; 20];

/// The digest of `parts`, one after another.
pub(crate) fn of(parts: &[&[u8]]) -> Bare {
    let mut sha = Sha1::new();
    for part in parts {
        sha.update(part);
    }
    sha.finalize().into()
}

/// A digest as records spell it.
pub(crate) fn spelled(digest: &Bare) -> String {
    format!("sha1:{}", BASE32.encode(digest))
}

/// A digest as we spell it; `None` for other spellings.
pub(crate) fn read(spelled: &str) -> Option<Bare> {
    BASE32.decode(spelled.strip_prefix("sha1:")?.as_bytes()).ok()?.try_into().ok()
}

/// Whether `bytes` have the digest `claimed`, in base32, hexadecimal or base64, as tools write it;
/// `None` for a digest of another kind.
pub(crate) fn matches(claimed: &str, bytes: &[u8]) -> Option<bool> {
    let (algorithm, value) = claimed.trim().split_once(':')?;
    if !algorithm.trim().replace('-', "").eq_ignore_ascii_case("sha1") {
        return None;
    }
    let value = value.trim();
    let expected = match value.len() {
        40 => HEXLOWER_PERMISSIVE.decode(value.as_bytes()),
        28 => BASE64.decode(value.replace('-', "+").replace('_', "/").as_bytes()),
        _ => BASE32.decode(value.to_ascii_uppercase().as_bytes()),
    };
    Some(expected.is_ok_and(|expected| expected == Sha1::digest(bytes).as_slice()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_read_in_the_spellings_of_tools() {
        assert_eq!(spelled(&of(&[])), "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ");
        assert_eq!(of(&[b"a", b"", b"bc"]), of(&[b"abc"]));
        assert_eq!(read(&spelled(&of(&[b"abc"]))), Some(of(&[b"abc"])));
        assert_eq!((read("sha1:ABC"), read("md5:x")), (None, None));
        assert_eq!(matches("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", b""), Some(true));
        assert_eq!(matches("SHA-1: da39a3ee5e6b4b0d3255bfef95601890afd80709", b""), Some(true));
        assert_eq!(matches("sha1:2jmj7l5rSw0yVb/vlWAYkK/YBwk=", b""), Some(true));
        assert_eq!(matches("sha1:2jmj7l5rSw0yVb_vlWAYkK_YBwk=", b""), Some(true));
        assert_eq!(matches("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", b"x"), Some(false));
        assert_eq!(matches("sha1:not base32", b"x"), Some(false));
        assert_eq!(matches("md5:d41d8cd98f00b204e9800998ecf8427e", b""), None);
        assert_eq!(matches("nonsense", b""), None);
    }
}
