use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(text: &str, expected: &str, kinds: &[Kind]) {
    let redacted = Redaction::default().redact(text);
    assert_eq!((redacted.text.as_str(), redacted.kinds.as_slice()), (expected, kinds));
}

#[track_caller]
fn check_kept(text: &str) {
    check(text, text, &[]);
}

#[test]
fn passwords_are_masked_in_all_the_ways_people_tell_them() {
    for (text, expected) in [
        ("mdp : soleil", "mdp : [mot de passe masqué]"),
        ("login lea mdp: Soleil34, merci", "login lea mdp: [mot de passe masqué], merci"),
        ("mon mot de passe est Soleil34!", "mon mot de passe est [mot de passe masqué]"),
        ("Mon mot de passe c’est soleil.", "Mon mot de passe c’est [mot de passe masqué]."),
        ("password=hunter", "password=[mot de passe masqué]"),
        ("{\"password\": \"a b c\"}", "{\"password\": \"[mot de passe masqué]\"}"),
        (
            "mot de passe du portail\u{a0}: «\u{a0}x y z\u{a0}»",
            "mot de passe du portail\u{a0}: «\u{a0}[mot de passe masqué]\u{a0}»",
        ),
        ("MDP Soleil34", "MDP [mot de passe masqué]"),
        ("Mot de passe :\nabcd", "Mot de passe :\n[mot de passe masqué]"),
        ("mdp : abcd mdp : efgh", "mdp : [mot de passe masqué] mdp : [mot de passe masqué]"),
    ] {
        check(text, expected, &[Kind::Password]);
    }
}

#[test]
fn speaking_of_a_password_is_not_telling_it() {
    for text in [
        "mon mot de passe est expiré",
        "Mon mot de passe est refusé, que faire ?",
        "mot de passe oublié",
        "Mot de passe : comment le changer ?",
        "mot de passe perdu : que faire",
        "comment changer de mot de passe ?",
        "le mot de passe est dans le mail",
        "mot de passe : oublié",
        "Le mot de passe est obligatoire",
        "mdp invalide",
        "mot de passe perdu : 3 fois cette semaine",
    ] {
        check_kept(text);
    }
}

#[test]
fn cards_are_masked_with_and_without_groups() {
    for number in [
        "4970100000000154",
        "4970 1000 0000 0154",
        "4970-1000-0000-0154",
        "4970\u{a0}1000\u{a0}0000\u{a0}0154",
        "5555 5555 5555 4444",
        "3782 822463 10005",
        "2223003122003222",
        "6304 9850 2809 0561 515",
    ] {
        check(&format!("carte {number} exp 12/27"), "carte [numéro de carte masqué] exp 12/27", &[Kind::Card]);
    }
    check("4970 1000 0000 0154 12/27 123", "[numéro de carte masqué] 12/27 123", &[Kind::Card]);
    check("ma carte 36227206271667", "ma carte [numéro de carte masqué]", &[Kind::Card]);
}

#[test]
fn ibans_are_masked_with_and_without_groups() {
    for iban in [
        "FR7630006000011234567890189",
        "FR76 3000 6000 0112 3456 7890 189",
        "fr76-3000-6000-0112-3456-7890-189",
        "BE71 0961 2345 6769",
        "DE89 3704 0044 0532 0130 00",
        "GB33BUKB20201555555555",
    ] {
        check(&format!("IBAN : {iban}."), "IBAN : [IBAN masqué].", &[Kind::Iban]);
    }
    check_kept("FR7630006000011234567890188");
    check_kept("FR76 3000 6000 0112 3456 7890 1890");
}

#[test]
fn activation_keys_are_masked() {
    for key in ["7K3M2-PQ9XA-44TZB-0WE5R", "AB12-CD34-EF56-GH78", "ABCD-EFGH-IJKL-MN0P", "a1b2c3-d4e5f6-a7b8c9-d0e1f2"]
    {
        check(&format!("clé {key} refusée"), "clé [clé d’activation masquée] refusée", &[Kind::Key]);
    }
    let redaction: Redaction = toml::from_str("key_patterns = [\"AAA-99999-XX\"]").expect("settings");
    assert_eq!(redaction.redact("clé ABC-12345-Z9 !").text, "clé [clé d’activation masquée] !");
    assert!(toml::from_str::<Redaction>("key_patterns = [\"99\"]").is_err());
    assert!(toml::from_str::<Redaction>("key_patterns = [\"ABC-12345\"]").is_err());
}

#[test]
fn what_support_needs_is_kept() {
    for text in [
        "appelez le 01 55 26 34 89 ou le 06 12 34 56 78",
        "01 55 26 34 89 06 12 34 56 78",
        "+33 6 12 34 56 78, 0155263489",
        "SIRET 732 829 320 00074",
        "SIRET 73282932000074",
        "siret : 36252187900034",
        "36252187900034",
        "SIREN 732 829 320",
        "contrats 48210753 et 48210761",
        "48210753 48210761 48210779",
        "facture FA2203871, devis D118204, client 00458712",
        "12 345,67 € TTC au 01/02/2026, soit 1 234 567.00",
        "du 2024-01-15 au 2025-01-15, 2024-2025-2026-2027",
        "demande G-7K3M-2PQ9",
        "018f2b6c-4c1e-7a3b-9d2e-5f6a7b8c9d0e",
        "Sage 100 version 12.1.0.3",
        "4970 1000 0000 0155",
        "1 85 05 78 006 084 36",
        "rendez-vous-avec-Jean",
    ] {
        check_kept(text);
    }
}

#[test]
fn each_kind_can_be_left_alone() {
    let text = "mdp : soleil, FR7630006000011234567890189, 4970100000000154, AB12-CD34-EF56-GH78";
    let all = Redaction::default().redact(text);
    assert_eq!(all.kinds, Kind::ALL);
    let none = Redaction { passwords: false, cards: false, ibans: false, keys: false, key_patterns: Vec::new() };
    assert_eq!(none.redact(text), Redacted { text: text.to_owned(), kinds: Vec::new() });
    let cards = Redaction { cards: true, ..none };
    assert_eq!(cards.redact(text).kinds, [Kind::Card]);
}

#[test]
fn the_note_names_what_was_masked() {
    let note = |kinds: &[Kind]| text::redact::note(kinds).map(|phrase| phrase.text);
    assert_eq!(note(&[]), None);
    assert_eq!(
        note(&[Kind::Password]).as_deref(),
        Some("J’ai masqué un mot de passe\u{a0}: ne nous l’envoyez jamais.")
    );
    assert_eq!(
        note(&[Kind::Password, Kind::Card, Kind::Iban]).as_deref(),
        Some("J’ai masqué un mot de passe, un numéro de carte et un IBAN\u{a0}: ne nous les envoyez jamais.")
    );
}

/// Pieces that meet in texts by chance would hardly ever be drawn from all characters.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[0-9]{1,5}",
        "[ \u{a0}.:=-]{1,2}",
        "[A-Za-zé]{1,6}",
        "(mdp|mot de passe|est|password|carte|siret|FR76|«|»|\"|\n|@)",
        "[A-Z0-9]{4,6}-",
        Just("4970 1000 0000 0154".to_owned()),
        Just("FR7630006000011234567890189".to_owned()),
        Just("AB12-CD34-EF56-GH78".to_owned()),
        Just("[mot de passe masqué]".to_owned()),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_can_be_masked_once_and_for_all(text in prop_oneof![any::<String>(), pieces()]) {
        let redaction = Redaction::default();
        let once = redaction.redact(&text);
        prop_assert_eq!(once.kinds.is_empty(), once.text == text);
        let twice = redaction.redact(&once.text);
        prop_assert_eq!(&twice.text, &once.text);
        prop_assert!(twice.kinds.is_empty());
        prop_assert!(card::find(&once.text).is_empty() && iban::find(&once.text).is_empty());
    }

    #[test]
    fn a_card_is_masked_whatever_surrounds_it(before in "[a-zé ,:]{0,20} ", after in " [a-zé ,:]{0,20}") {
        let text = format!("{before}4970100000000154{after}");
        prop_assert!(!Redaction::default().redact(&text).text.contains("4970"));
    }

    #[test]
    fn telephone_numbers_are_never_masked(pairs in prop::collection::vec("[0-9]{2}", 4), start in "0[1-9]") {
        let text = format!("appelez le {start} {}", pairs.join(" "));
        prop_assert_eq!(Redaction::default().redact(&text).text, text);
    }
}

#[test]
fn names_of_files_are_masked_and_keep_their_endings() {
    let check = |name: &str, expected: &str, kinds: &[Kind]| {
        let redacted = Redaction::default().redact_name(name);
        assert_eq!((redacted.text.as_str(), redacted.kinds.as_slice()), (expected, kinds), "{name}");
    };
    check("capture d’écran.png", "capture d’écran.png", &[]);
    check("facture_2026_03.pdf", "facture_2026_03.pdf", &[]);
    check("carte 4970 1000 0000 0154.png", "carte [numéro de carte masqué].png", &[Kind::Card]);
    check("carte_4970100000000154.png", "carte_[numéro de carte masqué].png", &[Kind::Card]);
    check("mdp_Soleil34!.txt", "mdp [mot de passe masqué].txt", &[Kind::Password]);
    check("mot de passe Soleil34!.txt", "mot de passe [mot de passe masqué].txt", &[Kind::Password]);
    check("mdp=Soleil34.txt", "mdp=[mot de passe masqué].txt", &[Kind::Password]);
}
