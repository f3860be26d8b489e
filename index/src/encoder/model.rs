//! A model file as the parts that compute: what each section is for, in the order of the file.

use super::EncoderError;
use super::matrix::Matrix;
use super::rows::{Rows, WIDTH};
use super::sections::Sections;
use super::tokenizer::{SPECIAL, Tokenizer};

/// Channels of one convolution branch.
pub(super) const CHANNELS: usize = 256;

/// What a token is after the convolutions: its row and the three branches.
pub(super) const FEATURES: usize = WIDTH + BRANCHES.len() * CHANNELS;

/// Numbers of a vector.
pub(super) const DIMENSION: usize = 512;

/// Tokens that a branch sees at once, and how many of them come before the one in question.
pub(super) const BRANCHES: [Window; 3] =
    [Window { tokens: 2, before: 0 }, Window { tokens: 3, before: 1 }, Window { tokens: 5, before: 2 }];

const HIDDEN: usize = 320;

/// The tokens that a convolution sees.
#[derive(Clone, Copy)]
pub(super) struct Window {
    pub(super) tokens: usize,
    pub(super) before: usize,
}

/// Everything that is in a model file.
pub(super) struct Model {
    pub(super) tokenizer: Tokenizer,
    pub(super) rows: Rows,
    pub(super) projection: Layer,
    pub(super) projection_norm: Norm,
    pub(super) branches: [Branch; 3],
    pub(super) features_norm: Norm,
    pub(super) pooled: Layer,
    pub(super) head: Head,
    pub(super) epsilon: f32,
}

/// A matrix and what is added to its products.
pub(super) struct Layer {
    pub(super) weights: Matrix,
    pub(super) bias: Vec<f32>,
}

/// What a normalised layer is multiplied with and what is added to it.
pub(super) struct Norm {
    pub(super) gain: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

/// Two convolutions, one after the other.
pub(super) struct Branch {
    pub(super) window: Window,
    pub(super) convolutions: [Layer; 2],
}

/// The dense layers after the sum over the tokens; `skip` ones go past a layer.
pub(super) struct Head {
    pub(super) first: Matrix,
    pub(super) first_skip: Matrix,
    pub(super) second: Matrix,
    pub(super) third: Matrix,
    pub(super) third_skip: Matrix,
    pub(super) last: Matrix,
}

impl Model {
    /// Takes the sections apart.
    pub(super) fn read(mut sections: Sections<'_>) -> Result<Self, EncoderError> {
        let sections = &mut sections;
        let numbers = sections.floats("NUMB", 2)?;
        let tokenizer = Tokenizer::read(sections, numbers[0])?;
        let rows = Rows::read(sections, sections.pieces() + SPECIAL)?;
        let projected = BRANCHES.len() * CHANNELS;
        Ok(Self {
            tokenizer,
            rows,
            projection: Layer::read(sections, WIDTH, projected)?,
            projection_norm: Norm::read(sections, projected)?,
            branches: [
                Branch::read(sections, BRANCHES[0])?,
                Branch::read(sections, BRANCHES[1])?,
                Branch::read(sections, BRANCHES[2])?,
            ],
            features_norm: Norm::read(sections, FEATURES)?,
            pooled: Layer::read(sections, FEATURES, DIMENSION)?,
            head: Head {
                first: Matrix::read(sections, DIMENSION, HIDDEN)?,
                first_skip: Matrix::read(sections, DIMENSION, HIDDEN)?,
                second: Matrix::read(sections, HIDDEN, HIDDEN)?,
                third: Matrix::read(sections, HIDDEN, DIMENSION)?,
                third_skip: Matrix::read(sections, HIDDEN, DIMENSION)?,
                last: Matrix::read(sections, DIMENSION, DIMENSION)?,
            },
            epsilon: numbers[1],
        })
    }
}

impl Layer {
    fn read(sections: &mut Sections<'_>, inputs: usize, outputs: usize) -> Result<Self, EncoderError> {
        Ok(Self { weights: Matrix::read(sections, inputs, outputs)?, bias: sections.floats("VECT", outputs)? })
    }
}

impl Norm {
    fn read(sections: &mut Sections<'_>, width: usize) -> Result<Self, EncoderError> {
        Ok(Self { gain: sections.floats("VECT", width)?, bias: sections.floats("VECT", width)? })
    }
}

impl Branch {
    fn read(sections: &mut Sections<'_>, window: Window) -> Result<Self, EncoderError> {
        let inputs = window.tokens * CHANNELS;
        let convolutions = [Layer::read(sections, inputs, CHANNELS)?, Layer::read(sections, inputs, CHANNELS)?];
        Ok(Self { window, convolutions })
    }
}
