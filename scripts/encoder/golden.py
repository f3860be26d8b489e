"""What the original says about a few sentences: the fixture of index/tests/encoder.rs."""

import json

# How many numbers of each vector are kept.
COMPONENTS = 8

TEXTS = (
    "comment résilier mon contrat",
    "je veux arrêter mon abonnement",
    "où télécharger une clé",
    "Où trouver la facture du mois dernier ?",
    "Bonjour, l'écran reste noir depuis ce matin et je n'arrive plus à me connecter à l'application.",
    "QUI CONTACTER POUR UN DEVIS ???",
    "mon client a changé de raison sociale le 12/03/2024, que faire ?",
    "the invoice is missing, what can I do?",
    "merci",
    # Forms that normalisation has to bring together: a combining accent, a ligature, wide letters, spaces of all kinds.
    "de\u0301bit refuse\u0301",
    "le \ufb01chier est in\ufb01ni",
    "\uff33\uff21\uff29\uff33\uff29\uff32 la re\u0301f\u00e9rence\u00a0n\u00b0\u202f42\u2026",
    "  trop \t d'espaces  ",
)


def write(original, path):
    """Writes first components and all cosines."""
    vectors = original.vectors(TEXTS)
    texts = []
    for text, vector in zip(TEXTS, vectors):
        texts.append({"text": text, "first": [round(float(x), 5) for x in vector[:COMPONENTS]]})
    cosines = [[round(float(one @ other), 4) for other in vectors] for one in vectors]
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(text, ensure_ascii=False) for text in texts]
    content = '{"texts": [\n' + ",\n".join(lines) + '\n],\n"cosines": [\n'
    content += ",\n".join(json.dumps(row) for row in cosines) + "\n]}\n"
    path.write_text(content, encoding="utf-8")
