//! Refusals on the wire: RFC 9457 with a closed list of codes.

use serde::Serialize;
use utoipa::ToSchema;

macro_rules! problem_codes {
    ($($(#[$doc:meta])* $code:ident = $name:tt;)*) => {
        /// Why a request is refused. Stable: platforms may test it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
        pub(in crate::http) enum ProblemCode { $($(#[$doc])* #[serde(rename = $name)] $code,)* }

        impl ProblemCode {
            /// The code on the wire.
            pub(in crate::http) const fn as_str(self) -> &'static str {
                match self { $(Self::$code => $name,)* }
            }
        }
    };
}

problem_codes! {
    /// A parameter lies outside its range.
    OutOfRange = "out_of_range";
    /// There is no parameter of that name.
    UnknownParameter = "unknown_parameter";
    /// A parameter cannot be read.
    BadParameter = "bad_parameter";
    /// The body cannot be read.
    UnreadableBody = "unreadable_body";
    /// No key, or one that is unknown or revoked.
    Unauthenticated = "unauthenticated";
    /// The key may not do this.
    ScopeMissing = "scope_missing";
    /// There is no such thing, or the caller may not see it.
    NotFound = "not_found";
    /// The route does not take this method.
    MethodNotAllowed = "method_not_allowed";
    /// It was there, and is too old.
    Expired = "expired";
    /// The name was given before.
    NameTaken = "name_taken";
    /// The body is over a limit.
    TooLarge = "too_large";
    /// The path or the query is over its limit.
    TargetTooLong = "target_too_long";
    /// The body did not come in time.
    TooSlow = "too_slow";
    /// The body is compressed.
    UnsupportedEncoding = "unsupported_encoding";
    /// The body can be read, but what it says is not in order.
    BadBody = "bad_body";
    /// The key asks too often.
    RateLimited = "rate_limited";
    /// Too much to do right now.
    Overloaded = "overloaded";
    /// The service is stopping.
    Stopping = "stopping";
    /// No room on the disk.
    DiskFull = "disk_full";
    /// Something went wrong inside.
    Internal = "internal";
}

/// A refusal (RFC 9457).
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Problem {
    /// Always `about:blank`: the code tells the kinds apart.
    #[serde(rename = "type")]
    pub(in crate::http) kind: &'static str,
    /// The status in words.
    pub(in crate::http) title: &'static str,
    /// The status.
    pub(in crate::http) status: u16,
    pub(in crate::http) code: ProblemCode,
    /// What was wrong and what to do, for people.
    pub(in crate::http) detail: String,
    /// The parameters or fields that were wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(in crate::http) errors: Vec<FieldProblem>,
}

/// What is wrong with one parameter or field.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct FieldProblem {
    /// The parameter, or the path of the field, such as `tags[3]`.
    pub(in crate::http) field: String,
    /// Why, stable.
    pub(in crate::http) code: &'static str,
    /// What was wrong and what to do, for people.
    pub(in crate::http) detail: String,
}
