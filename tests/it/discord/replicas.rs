//! Several processes, one gateway.

use super::fake::{CHANNEL, Discord};
use super::{LEA, QUESTION, start};
use crate::guichet::directory;

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_holds_the_gateway_and_the_other_takes_over_when_it_dies() {
    let (discord, dirs) = (Discord::start().await, [directory(), directory()]);
    let store = format!("[store]\nurl = \"sqlite://{}\"\n", dirs[0].path().join("shared.db").display());
    let one = start(&discord, dirs[0].path(), &store).await;
    discord.until_ready().await;
    let mut two = start(&discord, dirs[1].path(), &store).await;
    let thread = discord.thread_below(discord.ask(LEA, CHANNEL, QUESTION)).await;
    discord.said_in(thread, 0).await;
    assert_eq!(discord.opened(2), 1, "the second waits");

    one.kill();
    tokio::task::block_in_place(|| two.wait_for_log("holds the gateway"));
    discord
        .until("the other connects", |world| (world.opened.len() > 1 && world.connection.is_some()).then_some(()))
        .await;
    let thread = discord.thread_below(discord.ask(LEA, CHANNEL, QUESTION)).await;
    discord.said_in(thread, 0).await;

    // Who is stopped gives the lease up at once.
    two.stop();
    let mut three = start(&discord, dirs[0].path(), &store).await;
    tokio::task::block_in_place(|| three.wait_for_log("holds the gateway"));
}
