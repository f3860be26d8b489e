"""Fills the database of a service that has run with many conversations: copies of real ones, with other ids, times, questions
and entries. Rows are copied whatever their columns are, so that this knows little of the tables. The same numbers give the
same rows.
"""

import csv
import io
import json
import random
import re
import sqlite3
import subprocess

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
# Tables that hold a conversation, and the column that says which.
OF_CONVERSATION = [("conversations", "id"), ("messages", "conversation_id"), ("turns", "conversation_id"),
                   ("feedback", "conversation_id"), ("tickets", "conversation_id")]
OF_TICKET = ["ticket_comments", "ticket_history", "ticket_tags"]
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
VERBS = ["résilier", "commander", "renouveler", "modifier", "retrouver", "exporter", "transférer", "activer", "consulter", "annuler",
         "facturer", "dupliquer", "archiver", "déclarer", "relancer", "partager", "imprimer", "corriger", "valider", "suivre"]
THINGS = ["un contrat", "une licence", "la facture", "un devis", "le mot de passe", "une clé", "le certificat", "la formation",
          "un abonnement", "le compte", "la remise", "un avoir", "le parc", "une option", "un client", "la commande", "le logo",
          "un accès", "la signature", "un relevé", "une attestation", "un rendez-vous", "le tarif", "la garantie", "un badge"]
PLACES = ["sur la boutique", "pour un client", "en ligne", "avant l'échéance", "après un changement d'adresse", "sans droits",
          "depuis un téléphone", "pour plusieurs établissements", "en cours d'année", "avec une remise", "sur l'ancien espace",
          "pour un collaborateur", "au nom d'un tiers", "à l'étranger", "en urgence", "par lot"]
ASKED = ["comment {} ?", "je n'arrive pas à {}", "peut-on {} ?", "où {}", "{} svp", "bonjour, pouvez-vous {} pour moi ?", "pourquoi impossible de {}"]


def entries(count):
    """A FAQ of `count` entries."""
    dice = random.Random(7)
    combined = [(verb, thing, place) for verb in VERBS for thing in THINGS for place in PLACES]
    dice.shuffle(combined)
    made = []
    for number in range(count):
        verb, thing, place = combined[number % len(combined)]
        round_ = "" if number < len(combined) else f" (cas {number // len(combined) + 1})"
        question = f"Comment {verb} {thing} {place}{round_} ?"
        answer = (f"Pour {verb} {thing} {place}, ouvrez **{thing.split(' ')[-1].capitalize()}**, puis :\n\n"
                  f"1. choisissez « {verb} » ;\n2. vérifiez la ligne {number} ;\n3. validez.\n\nUne confirmation arrive par courriel.")
        made.append({"id": f"produit-{number}", "category": f"Rubrique {number % 40 + 1}", "question": question, "answer": answer,
                     "variants": [f"{verb} {thing} {place}"], "checks": {"must": [], "must_not": []}})
    return {"turns": made, "conversation": last}


def question(dice):
    what = f"{dice.choice(VERBS)} {dice.choice(THINGS)} {dice.choice(PLACES)}"
    return dice.choice(ASKED).format(what) + dice.choice(["", "", " merci", " c'est urgent", f" (dossier {dice.randrange(9000)})"])


class SqliteSink:
    """Rows into a SQLite file."""

    def __init__(self, path):
        self.database = sqlite3.connect(path, isolation_level=None)
        self.database.row_factory = sqlite3.Row
        for pragma in ("journal_mode = WAL", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -400000"):
            self.database.execute(f"PRAGMA {pragma}")
        self.database.execute("BEGIN")

    def rows(self, statement):
        return [dict(row) for row in self.database.execute(statement)]

    def add(self, table, rows):
        names = list(rows[0])
        statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        self.database.executemany(statement, [tuple(row.values()) for row in rows])

    def run(self, statement):
        self.database.execute(statement)

    def close(self):
        self.database.execute("COMMIT")
        self.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.database.close()


class PostgresSink:
    """Rows into PostgreSQL, by psql: one COPY for each table, all at once. Order does not matter: keys are checked afterwards."""

    def __init__(self, url):
        self.url = url
        self.copies = {}

    def psql(self, *arguments, text=None):
        command = ["psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", self.url, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, input=text).stdout

    def rows(self, statement):
        text = self.psql("--tuples-only", "--no-align", "--command", f"SELECT row_to_json(one) FROM ({statement}) one")
        return [json.loads(line) for line in text.splitlines() if line]

    def add(self, table, rows):
        names = list(rows[0])
        if (table, tuple(names)) not in self.copies:
            # Without the checks of foreign keys, which a superuser may leave out: tables are filled at the same time.
            copy = ("SET session_replication_role = replica;\n"
                    f"\\copy {table} ({', '.join(names)}) FROM pstdin WITH (FORMAT csv, NULL '\\N')\n")
            # psql reads its commands from a file, so that the rows can come on its standard input.
            shell = 'exec psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 "$1" --file <(printf %s "$2")'
            process = subprocess.Popen(["bash", "-c", shell, "psql", self.url, copy], stdin=subprocess.PIPE, text=True)
            self.copies[table, tuple(names)] = process
        process = self.copies[table, tuple(names)]
        lines = io.StringIO()
        writer = csv.writer(lines)
        for row in rows:
            writer.writerow(["\\N" if value is None else value for value in row.values()])
        process.stdin.write(lines.getvalue())

    def run(self, statement):
        self.psql("--command", statement)

    def close(self):
        for process in self.copies.values():
            process.stdin.close()
        if any(process.wait() for process in self.copies.values()):
            raise SystemExit("fill: psql failed")
        self.psql("--command", "VACUUM ANALYZE")


class Clock:
    """Ids in the order of time, as the service makes them (UUID version 7), none twice."""

    def __init__(self):
        self.count = 0

    def id(self, at):
        self.count += 1
        low = self.count * 0x9E3779B97F4A7C15 % (1 << 74)
        return f"{at >> 16:08x}-{at & 0xFFFF:04x}-7{low >> 62:03x}-{0x8000 | low >> 48 & 0x3FFF:04x}-{low & (1 << 48) - 1:012x}"

    def reference(self):
        self.count += 1
        bits = self.count * 0x9E3779B1 % (1 << 40)
        letters = "".join(LETTERS[bits >> 5 * place & 31] for place in range(8))
        return f"G-{letters[:4]}-{letters[4:]}"


class Mould:
    """One real conversation, ready to be cast."""

    def __init__(self, sink, conversation):
        self.rows = []
        for table, column in OF_CONVERSATION:
            self.rows += [(table, row) for row in sink.rows(f"SELECT * FROM {table} WHERE {column} = '{conversation}' ORDER BY 1")]
        tickets = [row["reference"] for table, row in self.rows if table == "tickets"]
        for table in OF_TICKET:
            for reference in tickets:
                self.rows += [(table, row) for row in sink.rows(f"SELECT * FROM {table} WHERE reference = '{reference}' ORDER BY 1")]
        self.begun = next(row["created_at"] for table, row in self.rows if table == "conversations")
        known = {row[key] for _, row in self.rows for key in ("id", "message_id", "reference") if row.get(key)}
        self.known = sorted(known)
        self.split = re.compile("|".join(map(re.escape, self.known)))
        self.turns = sum(table == "turns" for table, _ in self.rows)
        self.cast = [(table, [self.slot(name, value) for name, value in row.items()]) for table, row in self.rows]

    def slot(self, name, value):
        """How a value is made again: as it is, shifted in time, or with other ids in it."""
        if isinstance(value, int) and value > 1_000_000_000_000:
            return name, "time", value - self.begun
        if isinstance(value, str) and self.split.search(value):
            texts = self.split.split(value)
            return name, "ids", (texts, [self.known.index(one) for one in self.split.findall(value)])
        return name, "same", value

    def make(self, at, clock, dice, entry, partner, number):
        ids = [clock.reference() if one.startswith("G-") else clock.id(at) for one in self.known]
        asked = question(dice)
        for table, slots in self.cast:
            row = {}
            for name, kind, value in slots:
                if kind == "time":
                    value += at
                elif kind == "ids":
                    texts, places = value
                    value = texts[0] + "".join(ids[place] + text for place, text in zip(places, texts[1:]))
                row[name] = value
            self.vary(table, row, dice, asked, entry, partner, number)
            yield table, row

    @staticmethod
    def vary(table, row, dice, asked, entry, partner, number):
        if table == "turns":
            row["hour"] = row["at"] // HOUR_MS
            row["took_ms"] = dice.choice((2, 3, 3, 4, 4, 5, 7, 12, 30))
            row["channel"] = dice.choice(("web", "web", "web", "discord"))
            row["partner"] = partner
            row["question"] = row["question"] and asked
            row["entry"] = row["entry"] and entry
            if row["gap"] and dice.random() < 0.7:
                row["handled"] = dice.choice(("ignored", "draft", "variant", "variant"))
        elif table == "feedback":
            row["entry"] = row["entry"] and entry
        elif table == "messages":
            row["text"] = row["text"] and row["author"] == "visitor" and asked or row["text"]
        elif table == "tickets":
            row["requester_email"] = f"contact{number % 5000}@partenaire.example"
            row["subject"] = asked[:120]
            row["status"] = dice.choice(("new", "open", "pending", "solved", "closed", "closed", "closed", "closed"))
            row["urgency"] = dice.choice(("low", "normal", "normal", "high", "urgent"))
            row["assignee"] = dice.choice((None, "Inès Moreau", "Hugo Petit"))


def fill(sink, conversations, turns, entry_ids, now):
    """`turns` turns in copies of `conversations`, over a year that ends now, and what staff leave in that time. How many there
    are, and the last conversation."""
    dice, clock = random.Random(11), Clock()
    moulds = [Mould(sink, one) for one in conversations]
    count = turns // max(sum(mould.turns for mould in moulds), 1) * len(moulds)
    waiting = {}
    made, last = 0, None

    def flush(least):
        for table in [table for table, rows in waiting.items() if len(rows) >= least]:
            sink.add(table, waiting.pop(table))

    year = 360 * DAY_MS
    for number in range(count):
        # The last ones are of the last minutes: they are what is looked at as it goes on.
        at = now - year + year * number // count
        entry = entry_ids[min(int(len(entry_ids) * dice.random() ** 3), len(entry_ids) - 1)]
        partner = f"P-{dice.randrange(400)}" if dice.random() < 0.6 else None
        mould = moulds[number % len(moulds)]
        made += mould.turns
        for table, row in mould.make(at, clock, dice, entry, partner, number):
            if table == "conversations":
                last = row["id"]
            waiting.setdefault(table, []).append(row)
        if number % 500 == 0:
            flush(5_000)
    flush(1)

    acts = ["entry.saved", "publication.ordered", "ticket.changed", "staff.signed_in", "gap.handled"]
    for begin in range(0, 100_000, 5_000):
        at = lambda n: now - year + year * n // 100_000
        sink.add("audit_log", [{"id": clock.id(at(n)), "at": at(n), "who": dice.choice(("Inès Moreau", "Hugo Petit", "guichet")),
                                "what": acts[n % len(acts)], "object": f"entry:{entry_ids[n % len(entry_ids)]}",
                                "before_text": "", "after_text": question(dice)} for n in range(begin, begin + 5_000)])
    job = {"kind": "mail.acknowledge", "version": 1, "payload": "{}", "attempts": 8, "lease_until": 0, "lease_token": None}
    state = lambda n: "dead" if n % 40 == 0 else "done"
    for begin in range(0, 40_000, 5_000):
        # Work that was done goes after a month.
        at = lambda n: now - 29 * DAY_MS + 29 * DAY_MS * n // 40_000
        sink.add("jobs", [job | {"id": clock.id(at(n)), "idempotency_key": f"essai/{n}", "state": state(n), "run_at": at(n),
                                 "last_error": "421 plus tard" if state(n) == "dead" else None, "created_at": at(n),
                                 "updated_at": at(n)} for n in range(begin, begin + 5_000)])
    looks = [{"id": clock.id(now - n * 60_000), "conversation_id": "essai", "partner": f"P-{n % 400}", "user_id": f"U-{n % 900}",
              "customer": f"C-{n % 5000}", "contract": None, "entry": entry_ids[n % len(entry_ids)], "outcome": "shown",
              "at": now - n * 60_000} for n in range(50_000)]
    sink.add("lookups", looks)
    sink.add("incidents", [{"id": f"incident-{n}", "title": f"Lenteurs de la boutique {n}", "text": "Les pages s'ouvrent lentement.",
                            "keywords": '["lenteur"]', "questions": "[]", "starts_at": now - n * DAY_MS,
                            "ends_at": now - n * DAY_MS + HOUR_MS, "problem": None, "created_at": now - n * DAY_MS,
                            "updated_at": now - n * DAY_MS} for n in range(1, 201)])
    sink.add("staff_accounts", [{"id": f"essai-{n}", "email": f"agent{n}@editeur.example", "name": f"Agent {n}", "role": "agent",
                                 "password_hash": None, "created_at": now - n * DAY_MS} for n in range(60)])
    for publication in sink.rows("SELECT * FROM publications ORDER BY id LIMIT 1"):
        sink.add("publications", [publication | {"id": clock.id(now - n * HOUR_MS), "state": "previewed", "created_at": now - n * HOUR_MS,
                                                 "updated_at": now - n * HOUR_MS, "run_at": now - n * HOUR_MS} for n in range(1, 401)])
    # One entry that was saved every day.
    document = f"entry:{entry_ids[0]}"
    first = sink.rows(f"SELECT * FROM revisions WHERE document = '{document}' AND number = 1")[0]
    sink.add("revisions", [first | {"number": n, "parent": n - 1, "status": "published", "author": "Inès Moreau",
                                    "created_at": now - year + n * DAY_MS} for n in range(2, 301)])
    sink.run(f"UPDATE documents SET latest = 300, in_force = 300 WHERE document = '{document}'")
    return made
