//! Names of companies that do not exist.

const KINDS: [&str; 16] = [
    "Garage",
    "Menuiserie",
    "Transports",
    "Boulangerie",
    "Clinique",
    "Cabinet",
    "Imprimerie",
    "Hôtel",
    "Pharmacie",
    "Électricité",
    "Carrelage",
    "Jardins",
    "Métallerie",
    "Librairie",
    "Fromagerie",
    "Atelier",
];

const FAMILIES: [&str; 25] = [
    "Vernay",
    "Lefèvre-Thuon",
    "Dubreuil",
    "Roussel",
    "Béranger",
    "Noël",
    "Girodon",
    "Château-Pons",
    "Rivoire",
    "Faurel",
    "Meunier-Lacq",
    "Lagarde",
    "Beaurivage",
    "Fontanet",
    "Perrachon",
    "Delmasse",
    "Cœurdevey",
    "Aubinel",
    "Pélissard",
    "Trévisan",
    "Guichardet",
    "Morvanec",
    "Lacoste-Rey",
    "Tilleul",
    "Feraudy",
];

/// The name of a partner's `n`th customer; no two of 400 are the same. Partners share names on purpose.
pub(super) fn company(n: usize) -> String {
    let (kind, round) = (n % KINDS.len(), n / KINDS.len());
    let family = FAMILIES[(round + 3 * kind) % FAMILIES.len()];
    let form = match n % 7 {
        3 => "SARL ",
        5 => "Ets ",
        _ => "",
    };
    let rest = if n % 11 == 6 { " & Associés" } else { "" };
    format!("{form}{} {family}{rest}", KINDS[kind])
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_name_comes_twice() {
        let names: std::collections::BTreeSet<String> = (0..400).map(super::company).collect();
        assert_eq!(names.len(), 400);
    }
}
