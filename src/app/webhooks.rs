//! Webhooks in: whether a batch comes from the source that it names, now, and for the first time.
//!
//! Standard Webhooks: the sender signs `id.timestamp.body` with HMAC-SHA256 and a secret that both sides know, and sends
//! the identifier, the instant and the signatures as headers. Invariants: a signature is compared in constant time, over
//! the bytes as they came; an instant more than five minutes away is refused; an identifier is remembered for as long as
//! its instant would be taken, once its batch was taken in.
//! A delivery that comes twice is answered like the first one was, without being read: senders repeat what they got no
//! answer to.

use super::access::Identity;
use super::service::Service;
use crate::domain::Timestamp;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// How far the sender's clock may be from ours.
const TOLERANCE_SECONDS: i64 = 300;
/// Deliveries remembered at most; the oldest go first.
const REMEMBERED: usize = 100_000;
/// What a secret starts with.
const SECRET_PREFIX: &str = "whsec_";
/// What a signature of this scheme starts with.
const SIGNATURE_PREFIX: &str = "v1,";
/// Bytes of entropy that a secret has.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// A secret that both sides know. Never shown.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// Reads `whsec_` and base64.
    ///
    /// # Errors
    /// A sentence that does not repeat the secret.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let bytes = text
            .strip_prefix(SECRET_PREFIX)
            .and_then(|encoded| STANDARD.decode(encoded).ok());
        bytes
            .filter(|bytes| SECRET_BYTES.contains(&bytes.len()))
            .map(Self)
            .ok_or_else(|| format!("a webhook secret is `{SECRET_PREFIX}` and the base64 of 24 to 64 random bytes"))
    }

    /// The signature of a delivery, as a header carries it.
    #[cfg(test)]
    fn sign(&self, delivery: &Delivery<'_>) -> String {
        format!(
            "{SIGNATURE_PREFIX}{}",
            STANDARD.encode(self.mac(delivery).finalize().into_bytes())
        )
    }

    fn mac(&self, delivery: &Delivery<'_>) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        for part in [
            delivery.id.as_bytes(),
            b".",
            delivery.timestamp.as_bytes(),
            b".",
            delivery.body,
        ] {
            mac.update(part);
        }
        mac
    }
}

/// What came.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// The header `webhook-id`.
    pub id: &'a str,
    /// The header `webhook-timestamp`, seconds since 1970.
    pub timestamp: &'a str,
    /// The header `webhook-signature`: signatures between spaces.
    pub signatures: &'a str,
    /// The body, as it came.
    pub body: &'a [u8],
}

/// Why a delivery is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// No secret, or none that gives one of the signatures.
    #[error("the signature does not fit: sign `id.timestamp.body` with the secret of the source that `?source=` names")]
    Signature,
    /// The instant is too far away, or no number.
    #[error("`webhook-timestamp` is not within five minutes of the clock, in seconds since 1970")]
    Timestamp,
}

/// Checks that one of `secrets` signed the delivery, lately. Cost: one HMAC of the body a secret.
pub(super) fn verify(secrets: &[Secret], delivery: &Delivery<'_>, now: Timestamp) -> Result<(), WebhookError> {
    let sent: Vec<Vec<u8>> = delivery
        .signatures
        .split(' ')
        .filter_map(|signature| STANDARD.decode(signature.strip_prefix(SIGNATURE_PREFIX)?).ok())
        .collect();
    let fits = |secret: &Secret| {
        let mac = secret.mac(delivery);
        sent.iter().any(|signature| mac.clone().verify_slice(signature).is_ok())
    };
    if !secrets.iter().any(fits) {
        return Err(WebhookError::Signature);
    }
    lately(delivery.timestamp, now)
}

/// Checks what can be said of a delivery before anything of its body came: that it may come from who has `secrets`, and
/// says that it was signed lately.
pub(super) fn expect(secrets: &[Secret], timestamp: &str, now: Timestamp) -> Result<(), WebhookError> {
    if secrets.is_empty() {
        return Err(WebhookError::Signature);
    }
    lately(timestamp, now)
}

fn lately(timestamp: &str, now: Timestamp) -> Result<(), WebhookError> {
    let seconds = seconds(timestamp).ok_or(WebhookError::Timestamp)?;
    let here = now.micros() / 1_000_000;
    if (here - seconds).abs() > TOLERANCE_SECONDS {
        return Err(WebhookError::Timestamp);
    }
    Ok(())
}

fn seconds(timestamp: &str) -> Option<i64> {
    let plain = timestamp.bytes().all(|byte| byte.is_ascii_digit());
    plain
        .then(|| timestamp.parse().ok())
        .flatten()
        .filter(|&s: &i64| s < 1 << 40)
}

/// Deliveries that were taken in, while they could still be replayed.
#[derive(Default)]
pub(super) struct Deliveries(Mutex<Seen>);

#[derive(Default)]
struct Seen {
    ids: HashSet<(String, String)>,
    by_age: BTreeSet<(i64, String, String)>,
}

impl Deliveries {
    /// Whether this delivery of `source` was taken in before.
    pub(super) fn holds(&self, source: &str, id: &str) -> bool {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.ids.contains(&(source.to_owned(), id.to_owned()))
    }

    /// Remembers a delivery that was taken in, and forgets those that could not be replayed any more.
    pub(super) fn note(&self, source: &str, id: &str, now: Timestamp) {
        let now = now.micros() / 1_000_000;
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Seen { ids, by_age } = &mut *seen;
        if ids.insert((source.to_owned(), id.to_owned())) {
            by_age.insert((now, source.to_owned(), id.to_owned()));
        }
        // An instant may lie five minutes ahead, and is then taken for ten.
        while by_age
            .first()
            .is_some_and(|(at, ..)| *at < now - 2 * TOLERANCE_SECONDS || by_age.len() > REMEMBERED)
        {
            if let Some((_, source, id)) = by_age.pop_first() {
                ids.remove(&(source, id));
            }
        }
    }
}

impl Service {
    /// Who sends a webhook as `source`: an identity that may write as it, once one of the source's secrets is seen to
    /// have signed the delivery, lately. Cost: an HMAC of the body.
    ///
    /// # Errors
    /// [`WebhookError`] when the signature or the instant does not fit.
    pub fn authenticate_webhook(&self, source: &str, delivery: &Delivery<'_>) -> Result<Arc<Identity>, WebhookError> {
        verify(self.sources.secrets(source), delivery, self.now())?;
        Ok(Arc::new(Identity::of_webhook(source)))
    }

    /// Checks what can be said of a webhook of `source` before its body comes: that the source has a secret, and that the
    /// delivery says it was signed lately. Cost: a look-up.
    ///
    /// # Errors
    /// [`WebhookError`] when it will be refused whatever comes.
    pub fn expect_webhook(&self, source: &str, timestamp: &str) -> Result<(), WebhookError> {
        expect(self.sources.secrets(source), timestamp, self.now())
    }

    /// Whether this delivery of `source` was taken in before; it must not be read again.
    pub fn was_delivered(&self, source: &str, id: &str) -> bool {
        self.deliveries.holds(source, id)
    }

    /// Remembers that this delivery of `source` was taken in.
    pub fn note_delivery(&self, source: &str, id: &str) {
        self.deliveries.note(source, id, self.now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_674_087_231_000_000);

    fn secret(seed: u8) -> Secret {
        Secret::parse(&format!("whsec_{}", STANDARD.encode([seed; 24]))).unwrap()
    }

    fn delivery<'a>(timestamp: &'a str, body: &'a [u8]) -> Delivery<'a> {
        Delivery {
            id: "msg_1",
            timestamp,
            signatures: "",
            body,
        }
    }

    #[test]
    fn the_signature_is_that_of_the_standard() {
        // The example of the Standard Webhooks specification, signed by its reference libraries.
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let delivery = Delivery {
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp: "1614265330",
            signatures: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            body: br#"{"test": 2432232314}"#,
        };
        let then = Timestamp::from_micros(1_614_265_330_000_000);
        assert_eq!(verify(&[secret], &delivery, then), Ok(()));
    }

    #[test]
    fn one_fitting_signature_of_one_secret_suffices() {
        let unsigned = delivery("1674087231", b"[]");
        let signatures = format!("v1,AAAA v2,x {}", secret(2).sign(&unsigned));
        let signed = Delivery {
            signatures: &signatures,
            ..unsigned
        };
        assert_eq!(verify(&[secret(1), secret(2)], &signed, NOW), Ok(()));
        assert_eq!(verify(&[secret(1)], &signed, NOW), Err(WebhookError::Signature));
        assert_eq!(verify(&[], &signed, NOW), Err(WebhookError::Signature));
    }

    #[test]
    fn a_changed_byte_anywhere_is_noticed() {
        let unsigned = delivery("1674087231", b"[1]");
        let signatures = secret(1).sign(&unsigned);
        let signed = Delivery {
            signatures: &signatures,
            ..unsigned
        };
        let changed = [
            Delivery { body: b"[2]", ..signed },
            Delivery { id: "msg_2", ..signed },
            Delivery {
                timestamp: "1674087232",
                ..signed
            },
            Delivery {
                signatures: "",
                ..signed
            },
        ];
        for delivery in changed {
            assert_eq!(
                verify(&[secret(1)], &delivery, NOW),
                Err(WebhookError::Signature),
                "{delivery:?}"
            );
        }
    }

    #[test]
    fn an_old_or_strange_instant_is_refused_even_when_it_is_signed() {
        for (timestamp, wanted) in [
            ("1674086931", Ok(())),
            ("1674087531", Ok(())),
            ("1674086930", Err(WebhookError::Timestamp)),
            ("1674087532", Err(WebhookError::Timestamp)),
            ("-1", Err(WebhookError::Timestamp)),
            ("9223372036854775807", Err(WebhookError::Timestamp)),
            ("", Err(WebhookError::Timestamp)),
        ] {
            let unsigned = delivery(timestamp, b"[]");
            let signatures = secret(1).sign(&unsigned);
            let signed = Delivery {
                signatures: &signatures,
                ..unsigned
            };
            assert_eq!(verify(&[secret(1)], &signed, NOW), wanted, "{timestamp}");
        }
    }

    #[test]
    fn a_delivery_is_remembered_while_it_could_be_replayed() {
        let deliveries = Deliveries::default();
        deliveries.note("forum", "1", NOW);
        assert!(deliveries.holds("forum", "1") && !deliveries.holds("wiki", "1"));
        deliveries.note("forum", "2", NOW.plus_micros(599_000_000));
        assert!(deliveries.holds("forum", "1"));
        deliveries.note("forum", "3", NOW.plus_micros(601_000_000));
        assert!(!deliveries.holds("forum", "1") && deliveries.holds("forum", "2"));
    }
}
