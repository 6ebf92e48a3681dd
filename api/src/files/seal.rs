//! The form in which a file's bytes are stored: pieces of 64 KiB, each sealed by itself (AES-256-GCM), in the construction
//! STREAM (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance, 2015).
//!
//! A piece's nonce is its number and whether it is the last one, so that no piece can be moved, left out, repeated or
//! taken for the end. Nonces never repeat under a key, because each file has a key of its own that seals it once. Any piece
//! opens without the others, which is what ranges need.

use domain::KeyId;
use event_log::DataKey;
use ring::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};

/// Clear bytes of a piece; the last one of a file may have fewer.
pub const PIECE_BYTES: usize = 64 * 1024;
/// What a piece is longer by when it is sealed.
const TAG_BYTES: usize = 16;
/// A sealed piece.
pub const SEALED_PIECE_BYTES: usize = PIECE_BYTES + TAG_BYTES;

/// A piece that does not open: altered, cut, moved, or under another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("piece {number} of the stored file does not open: it is not as it was stored")]
pub struct Damaged {
    /// Which piece, from 0.
    pub number: u64,
}

/// Seals and opens the pieces of one file.
pub struct Pieces {
    cipher: LessSafeKey,
    key_id: KeyId,
}

impl Pieces {
    /// The pieces of the file under a key.
    #[must_use]
    pub fn new(key_id: KeyId, key: &DataKey) -> Self {
        Self { cipher: key.cipher(), key_id }
    }

    /// Seals a piece in place.
    pub fn seal(&self, number: u64, is_last: bool, piece: &mut Vec<u8>) {
        self.cipher
            .seal_in_place_append_tag(nonce(number, is_last), Aad::from(self.key_id.0.as_bytes()), piece)
            .expect("a piece is far below the cipher's limit");
    }

    /// Opens a piece in place.
    ///
    /// # Errors
    /// [`Damaged`].
    pub fn open<'a>(&self, number: u64, is_last: bool, piece: &'a mut [u8]) -> Result<&'a [u8], Damaged> {
        let opened = self.cipher.open_in_place(nonce(number, is_last), Aad::from(self.key_id.0.as_bytes()), piece);
        opened.map(|clear| &*clear).map_err(|_| Damaged { number })
    }
}

/// The bytes of a stored file of `size_bytes`, which has at least one piece.
#[must_use]
pub fn sealed_bytes(size_bytes: u64) -> u64 {
    size_bytes + pieces(size_bytes) * TAG_BYTES as u64
}

/// How many pieces a file of `size_bytes` has.
#[must_use]
pub fn pieces(size_bytes: u64) -> u64 {
    size_bytes.div_ceil(PIECE_BYTES as u64).max(1)
}

fn nonce(number: u64, is_last: bool) -> Nonce {
    let mut nonce = [0; NONCE_LEN];
    nonce[3..11].copy_from_slice(&number.to_be_bytes());
    nonce[11] = u8::from(is_last);
    Nonce::assume_unique_for_key(nonce)
}

// What the constants say, the cipher must do.
const _: () = assert!(NONCE_LEN == 12);

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const KEY: KeyId = KeyId(Uuid::from_u128(7));

    fn pieces_of(key: u8) -> Pieces {
        Pieces::new(KEY, &DataKey::from_bytes([key; 32]))
    }

    fn sealed(number: u64, is_last: bool) -> Vec<u8> {
        let mut piece = b"dial tone".to_vec();
        pieces_of(1).seal(number, is_last, &mut piece);
        piece
    }

    #[test]
    fn a_piece_opens_in_its_place_alone() {
        assert_eq!(pieces_of(1).open(3, false, &mut sealed(3, false)), Ok(b"dial tone".as_slice()));
        for (number, is_last) in [(2, false), (4, false), (3, true)] {
            assert_eq!(pieces_of(1).open(number, is_last, &mut sealed(3, false)), Err(Damaged { number }));
        }
        assert!(pieces_of(2).open(3, false, &mut sealed(3, false)).is_err(), "another key");
        let elsewhere = Pieces::new(KeyId(Uuid::from_u128(8)), &DataKey::from_bytes([1; 32]));
        assert!(elsewhere.open(3, false, &mut sealed(3, false)).is_err(), "another file");
    }

    #[test]
    fn an_altered_or_shortened_piece_does_not_open() {
        let whole = sealed(0, true);
        for index in 0..whole.len() {
            let mut altered = whole.clone();
            altered[index] ^= 1;
            assert!(pieces_of(1).open(0, true, &mut altered).is_err());
            assert!(pieces_of(1).open(0, true, &mut whole[..index].to_vec()).is_err());
        }
    }

    #[test]
    fn a_stored_file_is_longer_by_one_tag_a_piece() {
        assert_eq!(ring::aead::AES_256_GCM.tag_len(), TAG_BYTES);
        let piece = PIECE_BYTES as u64;
        for (size, count) in [(1, 1), (piece, 1), (piece + 1, 2), (10 * piece, 10)] {
            assert_eq!(pieces(size), count);
            assert_eq!(sealed_bytes(size), size + 16 * count);
        }
    }
}
