//! The one password of everybody in the demo: random for each installation, and the same however often it is asked for.
//!
//! It follows from the master key, which is drawn at random, so nothing has to be kept: a run that was cut off goes on with the same
//! one, and whoever may read the key may know it anyway.

use event_log::EventLog;
use zeroize::Zeroizing;

use crate::identity::Secret;

const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
const VOWELS: &[u8; 4] = b"aeou";
/// How many syllables there are before more are needed only because passwords are to be longer: 60 bits.
const SYLLABLES: usize = 10;

/// The passphrase of an installation, of at least so many characters.
#[must_use]
pub fn passphrase(log: &EventLog, least_chars: usize) -> Secret {
    let key = Zeroizing::new(log.derive_key("passphrase of the demo"));
    Secret::new(spell(key.as_slice(), least_chars))
}

/// Syllables of a consonant and a vowel, two to a word. Six bits of each byte tell which.
fn spell(bytes: &[u8], least_chars: usize) -> String {
    let mut spelled = String::new();
    for (place, byte) in bytes.iter().cycle().enumerate() {
        if place % 2 == 0 && place >= SYLLABLES && spelled.len() >= least_chars {
            break;
        }
        if place > 0 && place % 2 == 0 {
            spelled.push('-');
        }
        let byte = usize::from(*byte);
        spelled.push(char::from(CONSONANTS[byte % 16]));
        spelled.push(char::from(VOWELS[byte / 16 % 4]));
    }
    spelled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::policy;

    #[test]
    fn it_can_be_typed_and_is_taken_as_a_password() {
        let bytes: Vec<u8> = (0..32_u8).map(|n| n.wrapping_mul(37).wrapping_add(11)).collect();
        let spelled = spell(&bytes, 15);
        assert_eq!(spelled.len(), 24, "{spelled}");
        assert!(spelled.split('-').all(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_lowercase())));
        assert_eq!(policy::check(&Secret::new(&spelled), 15, &[]), Ok(()), "{spelled}");
        assert!(spell(&bytes, 60).len() >= 60);
    }

    #[test]
    fn another_key_has_another() {
        let one: Vec<u8> = (0..32).collect();
        let other: Vec<u8> = (1..33).collect();
        assert_ne!(spell(&one, 15), spell(&other, 15));
    }
}
