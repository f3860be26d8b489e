//! The one implementation of TLS's algorithms, and what its errors mean.

use std::error::Error;

/// Makes ring the provider of every TLS connection of this process. A client that speaks TLS calls it before it is
/// built, so that no caller can forget; calling it again changes nothing.
pub(crate) fn install_provider() {
    // It fails only when a provider is there already, which is what is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Whether `error`, or what caused it, is that the other side's certificate is not to be trusted.
pub(crate) fn is_certificate_error(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        // An I/O error stands for the one inside it, which is not among its sources.
        let inside = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let inside = inside.map_or(error, |inside| inside as &(dyn Error + 'static));
        if matches!(inside.downcast_ref(), Some(rustls::Error::InvalidCertificate(_))) {
            return true;
        }
        cause = inside.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_error_is_found_inside_an_io_error() {
        let expired = rustls::Error::InvalidCertificate(rustls::CertificateError::Expired);
        assert!(is_certificate_error(&expired));
        assert!(is_certificate_error(&std::io::Error::other(expired)));
        assert!(!is_certificate_error(&std::io::Error::other("x")));
        assert!(!is_certificate_error(&rustls::Error::HandshakeNotComplete));
    }
}
