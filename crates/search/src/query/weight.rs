//! How much a part of a query weighs: what stands behind `^`.

use std::fmt;

/// A factor from 0.1 to 10, in hundredths, so that equal queries are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Weight(u16);

impl Weight {
    /// As much as anything else.
    pub const ONE: Self = Self(100);
    const LEAST: u16 = 10;
    const MOST: u16 = 1000;

    /// Reads digits and points; `None` where they are no number. The flag says that it was out of
    /// bounds, and was brought to the nearest.
    pub(super) fn parse(text: &str) -> Option<(Self, bool)> {
        let hundredths = (text.trim_end_matches('.').parse::<f64>().ok()? * 100.0).round();
        let held = hundredths.clamp(f64::from(Self::LEAST), f64::from(Self::MOST));
        // A whole number within the bounds of `u16`.
        Some((Self(held as u16), held != hundredths))
    }

    /// The factor.
    pub fn factor(self) -> f32 {
        f32::from(self.0) / 100.0
    }

    /// One within the other, within the same bounds.
    pub(super) fn times(self, other: Self) -> Self {
        let product = (u32::from(self.0) * u32::from(other.0)).div_ceil(100);
        Self(product.clamp(u32::from(Self::LEAST), u32::from(Self::MOST)) as u16)
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 100, self.0 % 100);
        match part {
            0 => write!(f, "{whole}"),
            part if part % 10 == 0 => write!(f, "{whole}.{}", part / 10),
            part => write!(f, "{whole}.{part:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_held_within_bounds_and_come_back_as_written() {
        for (text, shown, held) in
            [("2", "2", false), ("0.5", "0.5", false), ("1.25", "1.25", false), ("99", "10", true), ("0", "0.1", true)]
        {
            let (weight, was_held) = Weight::parse(text).expect(text);
            assert_eq!((weight.to_string().as_str(), was_held), (shown, held), "{text}");
            assert_eq!(Weight::parse(shown).map(|(weight, _)| weight), Some(weight));
        }
        assert_eq!(Weight::parse("1.2.3"), None);
        assert_eq!(Weight::parse(""), None);
        assert_eq!(Weight(500).times(Weight(300)), Weight(1000));
    }
}
