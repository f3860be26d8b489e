//! Sentences to vectors: near in meaning, near in angle. For ranking, which compares a question with formulations.
//!
//! [`UseEncoder`] (feature `encoder`) is a multilingual sentence encoder cut down to French; its tables are part of the
//! program, nothing is downloaded or unpacked. `index/data/README.md` says where they come from and how good they are.
//! Without the feature, [`Encode`] remains as the seam and whoever ranks does without vectors.
//!
//! A text becomes pieces (`tokenizer`), pieces become rows of a compressed table (`rows`), and rows go through
//! convolutions and dense layers (`forward`) whose weights are bytes (`matrix`). Products are sums of integers: they
//! are exact, so a debug build on one machine and a release build on another agree to the last bit of every layer.

mod center;
#[cfg(feature = "encoder")]
mod error;
#[cfg(feature = "encoder")]
mod forward;
#[cfg(feature = "encoder")]
mod matrix;
#[cfg(feature = "encoder")]
mod model;
#[cfg(feature = "encoder")]
mod rows;
#[cfg(feature = "encoder")]
mod sections;
#[cfg(feature = "encoder")]
mod tokenizer;
#[cfg(feature = "encoder")]
mod use_encoder;

pub use center::Centering;
#[cfg(feature = "encoder")]
pub use error::EncoderError;
#[cfg(feature = "encoder")]
pub use use_encoder::UseEncoder;

/// Turns texts into vectors whose dot product says how near two texts are.
pub trait Encode: Send + Sync {
    /// How many numbers a vector has.
    fn dimension(&self) -> usize;

    /// The unit vector of `text`; zeros when there is nothing to read in it.
    fn encode(&self, text: &str) -> Vec<f32>;
}

impl<T: Encode + ?Sized> Encode for &T {
    fn dimension(&self) -> usize {
        (**self).dimension()
    }

    fn encode(&self, text: &str) -> Vec<f32> {
        (**self).encode(text)
    }
}
