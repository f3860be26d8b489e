//! What an image is and how large it is shown, from its first bytes. Nothing is decoded.

use super::ImageKind;

/// Kind, width and height of the image in `bytes`.
pub(super) fn read(bytes: &[u8]) -> Option<(ImageKind, u32, u32)> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") && bytes.get(12..16)? == b"IHDR" {
        return Some((ImageKind::Png, big(bytes, 16, 4)?, big(bytes, 20, 4)?));
    }
    if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        return Some((ImageKind::Gif, little(bytes, 6, 2)?, little(bytes, 8, 2)?));
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12)? == b"WEBP" {
        let (width, height) = webp(bytes)?;
        return Some((ImageKind::Webp, width, height));
    }
    if bytes.starts_with(b"\xff\xd8\xff") {
        let (width, height) = jpeg(bytes)?;
        return Some((ImageKind::Jpeg, width, height));
    }
    None
}

/// One of three forms: with losses, without, or with more than one part.
fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        // Fourteen bits each; the rest says how it may be scaled, which nobody does.
        b"VP8 " if bytes.get(23..26)? == b"\x9d\x01\x2a" => {
            Some((little(bytes, 26, 2)? & 0x3fff, little(bytes, 28, 2)? & 0x3fff))
        }
        b"VP8L" if bytes.get(20)? == &0x2f => {
            let sides = little(bytes, 21, 4)?;
            Some(((sides & 0x3fff) + 1, ((sides >> 14) & 0x3fff) + 1))
        }
        b"VP8X" => Some((little(bytes, 24, 3)? + 1, little(bytes, 27, 3)? + 1)),
        _ => None,
    }
}

/// Goes from segment to segment to the one that begins the picture.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    let mut is_turned = false;
    loop {
        // Any number of these bytes may fill the space before a segment.
        while bytes.get(at..at + 2)? == b"\xff\xff" {
            at += 1;
        }
        let [0xff, marker] = *bytes.get(at..at + 2)? else { return None };
        let length = big(bytes, at + 2, 2)? as usize;
        match marker {
            // Every way to code a picture, without what stands among them and is none.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let (height, width) = (big(bytes, at + 5, 2)?, big(bytes, at + 7, 2)?);
                return Some(if is_turned { (height, width) } else { (width, height) });
            }
            0xe1 => is_turned |= is_turned_on_its_side(bytes.get(at + 4..at + 2 + length)?).unwrap_or(false),
            // What follows these is no segment.
            0x01 | 0xd0..=0xda => return None,
            _ => {}
        }
        at += 2 + length.max(2);
    }
}

/// Whether a camera was held upright, so that browsers turn what it took (Exif, orientation 5 to 8).
fn is_turned_on_its_side(segment: &[u8]) -> Option<bool> {
    let exif = segment.strip_prefix(b"Exif\0\0")?;
    let number = match exif.get(..4)? {
        b"II\x2a\0" => little,
        b"MM\0\x2a" => big,
        _ => return None,
    };
    let directory = number(exif, 4, 4)? as usize;
    let mut entries = (0..number(exif, directory, 2)? as usize).map(|entry| directory + 2 + 12 * entry);
    let orientation = entries.find(|entry| number(exif, *entry, 2) == Some(0x0112))?;
    Some(number(exif, orientation + 8, 2)? >= 5)
}

fn big(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    Some(bytes.get(at..at.checked_add(length)?)?.iter().fold(0, |number, byte| (number << 8) | u32::from(*byte)))
}

fn little(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    Some(bytes.get(at..at.checked_add(length)?)?.iter().rev().fold(0, |number, byte| (number << 8) | u32::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(parts: &[&[u8]], expected: Option<(ImageKind, u32, u32)>) {
        let bytes = parts.concat();
        assert_eq!(read(&bytes), expected, "{bytes:?}");
        // Cut off anywhere, it is no image or the same one, and nothing worse.
        for end in 0..bytes.len() {
            assert!(read(&bytes[..end]).is_none_or(|found| Some(found) == expected), "cut at {end}");
        }
    }

    #[test]
    fn each_kind_says_how_large_it_is() {
        use ImageKind::{Gif, Jpeg, Png, Webp};
        check(&[b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x02\x80\0\0\x01\xe0"], Some((Png, 640, 480)));
        check(&[b"GIF87a\x80\x02\xe0\x01"], Some((Gif, 640, 480)));
        check(&[b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0abc\x9d\x01\x2a\x80\x02\xe0\x01"], Some((Webp, 640, 480)));
        // 639 and 479, fourteen bits each.
        check(&[b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x7f\xc2\x77\0"], Some((Webp, 640, 480)));
        check(&[b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0"], Some((Webp, 640, 480)));
        let frame = b"\xff\xc2\0\x0b\x08\x01\xe0\x02\x80\x01\x01\x11\0".as_slice();
        check(&[b"\xff\xd8\xff\xe0\0\x04ab\xff", frame], Some((Jpeg, 640, 480)));
    }

    #[test]
    fn a_photograph_that_was_taken_upright_is_higher_than_wide() {
        let frame = b"\xff\xc0\0\x0b\x08\x01\xe0\x02\x80\x01\x01\x11\0".as_slice();
        let exif =
            b"\xff\xe1\0\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".as_slice();
        check(&[b"\xff\xd8", exif, frame], Some((ImageKind::Jpeg, 480, 640)));
        let exif =
            b"\xff\xe1\0\x22Exif\0\0II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x01\0\0\0\0\0\0\0".as_slice();
        check(&[b"\xff\xd8", exif, frame], Some((ImageKind::Jpeg, 640, 480)));
    }

    #[test]
    fn what_is_no_image_is_none() {
        for bytes in [b"".as_slice(), b"<svg xmlns='x'/>", b"\xff\xd8\xff\xda\0\x02", b"RIFF\0\0\0\0WAVEfmt ", b"BM"] {
            assert_eq!(read(bytes), None, "{bytes:?}");
        }
    }
}
