//! Faults of content in French. The knowledge base says them in English, for whoever works with its files and commands.

/// What is said, with `{}` where something is named, and the same in French with the same number of `{}`.
const FAULTS: [(&str, &str); 47] = [
    ("the answer is empty", "La réponse est vide."),
    ("the text is empty: say where to turn", "Le texte est vide\u{a0}: dites où s’adresser."),
    ("`question` is missing or empty", "La question manque."),
    ("`{}` is missing", "Le champ {} manque."),
    ("the file is not UTF-8: save it as UTF-8", "Le fichier n’est pas en UTF-8."),
    ("the file must be named `{}`", "Le fichier doit s’appeler {}."),
    ("the id `{}` is already used by {}", "L’identifiant {} est déjà celui de {}."),
    (
        "the id and category of this entry belong in `{}`",
        "L’identifiant et la rubrique de cette fiche la rangent dans {}.",
    ),
    (
        "the check « {} » is also a variant: it proves nothing, word it otherwise",
        "La question témoin «\u{a0}{}\u{a0}» est aussi une formulation\u{a0}: elle ne prouve rien, dites-la autrement.",
    ),
    (
        "nearly the same question as the entry `{}`: merge or tell them apart",
        "Presque la même question que la fiche {}\u{a0}: réunissez-les ou distinguez-les.",
    ),
    ("there is no image `{}`", "Aucune image ne s’appelle {}."),
    (
        "the image `{}` has no alternative text: say what it shows",
        "L’image {} n’a pas de texte de remplacement\u{a0}: dites ce qu’elle montre.",
    ),
    ("nothing shows this image", "Rien ne montre cette image."),
    (
        "the name of an image is of small letters without accents, digits and `-`, and ends in .png, .jpg, .webp or .gif",
        "Le nom d’une image se compose de minuscules sans accent, de chiffres et de tirets, et finit par .png, .jpg, .webp ou .gif.",
    ),
    ("this is no image: PNG, JPEG, WebP or GIF is expected", "Ce fichier n’est pas une image PNG, JPEG, WebP ou GIF."),
    (
        "the name says something else than the image is: `{}`",
        "Le nom de l’image dit autre chose que ce qu’elle est\u{a0}: {}.",
    ),
    ("the image is larger than 1 MB: make it smaller", "L’image dépasse 1\u{a0}Mo\u{a0}: réduisez-la."),
    (
        "the image is wider or higher than 8,000 pixels: make it smaller",
        "L’image dépasse 8\u{202f}000\u{a0}pixels de large ou de haut\u{a0}: réduisez-la.",
    ),
    ("should have been reviewed by {}", "À relire depuis le {}."),
    ("follow_ups: there is no entry `{}`", "Pour aller plus loin\u{a0}: aucune fiche ne s’appelle {}."),
    ("there is no entry `{}`", "Aucune fiche ne s’appelle {}."),
    ("`contacts.toml` has no such field: {}", "Ce contact, ou cette information, n’existe pas\u{a0}: {}."),
    ("`contacts.toml` has no link `{}`", "Le lien {} n’existe pas."),
    ("`{}` is not {{contact.name.email|phone|hours}}", "{} ne désigne ni un contact ni un lien."),
    ("`{}` is not {{contact.NAME.email|phone|hours}}", "{} ne désigne ni un contact ni un lien."),
    (
        "this composed answer needs `rules.fr.toml`, which is missing or wrong",
        "La réponse composée a besoin des règles, qui manquent ou ont une faute.",
    ),
    (
        "`facts` is declared and nothing is composed with it: write it after a line `+++ client`",
        "Des données du portail sont déclarées, et aucune réponse composée ne s’en sert.",
    ),
    ("used and not declared in `facts`: {}", "Données utilisées et non déclarées\u{a0}: {}."),
    ("declared in `facts` and not used: {}", "Données déclarées et inutilisées\u{a0}: {}."),
    ("unreachable: `{}` cannot be `{}` here", "Rien ne mène ici\u{a0}: {} ne peut pas valoir {}."),
    ("unreachable: every case of `{}` is taken", "Rien ne mène ici\u{a0}: tous les cas de {} sont déjà pris."),
    (
        "`{}` is always so here: the `if` says nothing",
        "{} vaut toujours cela ici\u{a0}: le «\u{a0}if\u{a0}» ne dit rien.",
    ),
    ("`{}` is always there: there is nothing to test", "{} existe toujours\u{a0}: il n’y a rien à vérifier."),
    ("`{}` is never `{}`; it is one of {}", "{} ne vaut jamais {}\u{a0}; les valeurs sont {}."),
    ("missing cases of `{}`: {}", "Cas oubliés de {}\u{a0}: {}."),
    ("`{}` may be missing: put the passage into {}", "{} peut manquer\u{a0}: mettez le passage dans {}."),
    (
        "`{}` may be unknown: put the passage into a {} or {} on a fact of the same group",
        "{} peut être inconnu\u{a0}: mettez le passage dans un {} ou un {} sur une donnée du même groupe.",
    ),
    ("`{}` exists only where `{}` is {}", "{} n’existe que si {} vaut {}."),
    ("`{}` is tested with `{}`, not shown", "{} ne s’affiche pas\u{a0}: il se vérifie avec {}."),
    ("`{}` is one of several: write `{}`", "{} a plusieurs valeurs\u{a0}: écrivez {}."),
    ("`{}` closes nothing", "{} ne ferme rien."),
    ("`{}` must not stand here", "{} n’a pas sa place ici."),
    ("`{}` has no `{}`", "{} attend {}."),
    ("`{}` is not closed on this line", "{} n’est pas fermé sur cette ligne."),
    ("there is no rule `{}`", "Aucune règle ne s’appelle {}."),
    ("unknown fact `{}`; the README lists them all", "Donnée inconnue\u{a0}: {}."),
    (
        "unknown tag `{}`: if, case, when, else and end exist",
        "Balise inconnue\u{a0}: {}. Il y a if, case, when, else et end.",
    ),
];

/// A fault in French; as it is when nothing is known of it.
pub(crate) fn french(fault: &str) -> String {
    if fault == "nothing may stand between `case` and the first `when`" {
        return "Rien ne se met entre «\u{a0}case\u{a0}» et le premier «\u{a0}when\u{a0}».".to_owned();
    }
    if let Some(rest) = fault.strip_prefix("TOML: ") {
        return format!("Syntaxe\u{a0}: {rest}");
    }
    let known = FAULTS.iter().find_map(|(english, french)| Some((captured(english, fault)?, *french)));
    let Some((captured, french)) = known else { return fault.to_owned() };
    let mut said = String::new();
    let mut names = captured.into_iter();
    for (at, part) in french.split("{}").enumerate() {
        if at > 0 {
            said += names.next().unwrap_or_default();
        }
        said += part;
    }
    said
}

/// What stands where `pattern` has `{}`.
fn captured<'a>(pattern: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut parts = pattern.split("{}");
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut found = Vec::new();
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        let at = match parts.peek() {
            Some(_) => rest.find(part)?,
            None => {
                rest.len().checked_sub(part.len()).filter(|at| rest.is_char_boundary(*at) && rest[*at..] == *part)?
            }
        };
        found.push(&rest[..at]);
        rest = &rest[at + part.len()..];
    }
    rest.is_empty().then_some(found)
}

#[cfg(test)]
mod tests {
    use guichet_kb::composed::Template;

    use super::*;

    #[test]
    fn each_fault_has_as_many_names_in_french() {
        for (english, french) in FAULTS {
            assert_eq!(english.matches("{}").count(), french.matches("{}").count(), "{english}");
        }
        assert_eq!(french("unknown fact `x`; the README lists them all"), "Donnée inconnue\u{a0}: x.");
        assert_eq!(french("the id `a` is already used by b.md"), "L’identifiant a est déjà celui de b.md.");
        assert_eq!(french("something else"), "something else");
    }

    #[test]
    fn what_templates_are_refused_for_is_said_in_french() {
        let facts: Vec<String> = ["contract.end_on".to_owned()].into();
        for text in [
            "{{nothing.here}}",
            "{{rule.nothing}}",
            "{{termination}}",
            "{{contract.end_on}",
            "{% when x %}",
            "{% end %}",
            "{% foo %}",
            "{% case termination %}{% when online %}a{% end %}{{contract.end_on}}",
            "{% case termination %}b{% when online %}a{% end %}",
            "{% if termination is nothing %}a{% end %}",
            "{% if contract.end_on %}a{% end %}",
            "{{pricing.loyalty_bonus}}",
            "{% if contract.end_on %}a",
        ] {
            for problem in Template::read(text, &facts).expect_err(text) {
                assert_ne!(french(&problem.message), problem.message, "{text}");
            }
        }
    }
}
