//! What belongs to another partner is answered like what nobody has, by whatever it is named.

use guichet_bots::terminal;

use super::house::House;
use super::moody::Mood;
use crate::answer::Engine;
use crate::conversation::Sent;
use crate::facts::company;
use crate::model::Contract;

/// A way to name a customer: what is asked, its number or name, and one that nobody has.
type Way = (fn(&str) -> String, fn(&Contract) -> Option<&str>, &'static str);

const WAYS: [Way; 5] = [
    (|it| format!("Est-ce que le contrat {it} est réabonné ?"), |it| Some(&it.serial_number), "12121212"),
    (|it| format!("Où sont les clés du client {it} ?"), |it| Some(&it.customer.code), "00999998"),
    (|it| format!("Quand expire le contrat de la société {it} ?"), |it| Some(&it.customer.name), "Verdanoux Frères"),
    (
        |it| format!("La facture {it} est-elle réglée ?"),
        |it| it.previous_invoice.as_ref().map(|invoice| invoice.number.as_str()),
        "FA2599999",
    ),
    (
        |it| format!("Le contrat du client SIRET {it} est-il réabonné ?"),
        |it| it.customer.siret.as_deref(),
        "73282932000074",
    ),
];

/// How many customers of others are asked about in each way.
const ENOUGH: usize = 4;

/// All that is told, in a new conversation, without what was asked for.
async fn told(house: &House, user: &str, question: &str) -> String {
    let (id, token) = house.open_conversation(Some(user), false).await;
    let sent = Sent { text: question.to_owned(), ..Sent::default() };
    let reply = house.conversations.turn(&id, &token, sent).await.expect("a reply");
    let text = terminal::plain(&reply);
    let (before, rest) = text.split_once('«').unwrap_or((&text, ""));
    let after = rest.split_once('»').map_or(rest, |(_, after)| after);
    format!("{before}«»{after} {:?} {:?}", reply.options, reply.sources)
}

#[tokio::test]
async fn another_partners_customer_is_answered_like_one_that_nobody_has() {
    let house = House::open(Mood::Good).await;
    let contracts = house.world.all_contracts();
    // With and without the view of the whole company.
    for user in ["U-12", "U-11"] {
        for (ask, named_by, unknown) in WAYS {
            let expected = told(&house, user, &ask(unknown)).await;
            assert!(expected.contains("Je ne trouve pas"), "{}: {expected}", ask(unknown));
            let mut count = 0;
            for contract in contracts.iter().filter(|it| it.partner.as_str() != "P-1") {
                if count == ENOUGH {
                    break;
                }
                let Some(named) = named_by(contract) else { continue };
                let question = ask(named);
                // Partners share names on purpose: who asks for one of those means his own customer.
                let names = Engine::carried().names_in(&question);
                let own = contracts.iter().filter(|it| it.partner.as_str() == "P-1");
                let own: Vec<&str> = own.map(|it| it.customer.name.as_str()).collect();
                if names.iter().any(|name| own.iter().any(|known| company::nearness(name, known).is_some())) {
                    continue;
                }
                assert_eq!(told(&house, user, &question).await, expected, "{question}");
                count += 1;
            }
            assert_eq!(count, ENOUGH, "{}", ask(unknown));
        }
    }
}
