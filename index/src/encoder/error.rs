//! Why a model file cannot be used.

/// What a caller can act on: fetch or build the file again, or use the one that this version was made for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncoderError {
    /// These bytes are something else.
    #[error("not a model of Guichet's encoder")]
    NotAModel,
    /// A model, in a format that this version does not read.
    #[error("the model has format {found}; this version reads {expected}")]
    UnknownVersion {
        /// The format of the file.
        found: u32,
        /// The format that is read.
        expected: u32,
    },
    /// The file ends too early, or its bytes are not those that were written.
    #[error("the model is damaged at {place}")]
    Damaged {
        /// The part of the file.
        place: &'static str,
    },
}
