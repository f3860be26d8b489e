//! Conversations on platforms: where they are held, what was shown, who speaks for all processes.

use guichet_bots::{Account, Place, Post};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Store, StoreError, json, named, parse};
use crate::model::{Ticket, TicketRef};

/// A place and what the service knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) place: Place,
    /// The conversation that is held there.
    pub(crate) conversation: String,
    /// Number of the last message of the conversation that was brought there, needed not be, or is in `undelivered`.
    pub(crate) delivered: i64,
    /// Numbers of earlier messages that could not be brought: tried again with what follows.
    pub(crate) undelivered: Vec<i64>,
}

impl Store {
    /// The place with this id.
    pub(crate) async fn find_place(&self, id: &str) -> Result<Option<Held>, StoreError> {
        let row = sqlx::query(
            "SELECT id, conversation_id, platform, owner, is_public, delivered, undelivered FROM places WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(held).transpose()
    }

    /// The place where a conversation is held.
    pub(crate) async fn find_place_of(&self, conversation: &str) -> Result<Option<Held>, StoreError> {
        let row = sqlx::query(
            "SELECT id, conversation_id, platform, owner, is_public, delivered, undelivered FROM places \
             WHERE conversation_id = $1 ORDER BY created_at DESC LIMIT 1",
        )
        .bind(conversation)
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(held).transpose()
    }

    /// Holds `conversation` at `place` instead of `instead_of`, or instead of none. When somebody else was faster,
    /// nothing changes: look again.
    pub(crate) async fn hold_at(
        &self,
        place: &Place,
        conversation: &str,
        instead_of: Option<&str>,
        now: i64,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO places (id, conversation_id, platform, owner, is_public, delivered, created_at) \
             VALUES ($1, $2, $3, $4, $5, 0, $6) \
             ON CONFLICT (id) DO UPDATE SET conversation_id = $7, delivered = 0, undelivered = '[]' WHERE places.conversation_id = $8",
        )
        .bind(&place.id)
        .bind(conversation)
        .bind(&place.owner.platform)
        .bind(&place.owner.id)
        .bind(i64::from(place.is_public))
        .bind(now)
        .bind(conversation)
        .bind(instead_of.unwrap_or_default())
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// The last tickets of a conversation, newest first.
    pub(crate) async fn list_tickets_of(&self, conversation: &str) -> Result<Vec<Ticket>, StoreError> {
        let rows = sqlx::query(
            "SELECT reference FROM tickets WHERE conversation_id = $1 ORDER BY created_at DESC, reference LIMIT 20",
        )
        .bind(conversation)
        .fetch_all(&self.readers)
        .await?;
        let mut tickets = Vec::with_capacity(rows.len());
        for row in rows {
            let reference: TicketRef = named("tickets", &row.try_get::<String, _>("reference")?)?;
            tickets.extend(self.find_ticket(&reference).await?);
        }
        Ok(tickets)
    }

    /// Messages up to `number` were brought to the place, but for `undelivered`.
    pub(crate) async fn mark_delivered(&self, place: &str, number: i64, undelivered: &[i64]) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE places SET delivered = CASE WHEN delivered < $1 THEN $2 ELSE delivered END, undelivered = $3 \
             WHERE id = $4",
        )
        .bind(number)
        .bind(number)
        .bind(json(&undelivered))
        .bind(place)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Keeps what was shown in reply to a message; the last one counts.
    pub(crate) async fn keep_post(&self, post: &Post, now: i64) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO posts (id, asked, turn, digest, place_id, shown_in, server, messages, options, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
             ON CONFLICT (asked) DO UPDATE SET id = excluded.id, turn = excluded.turn, digest = excluded.digest, \
                 place_id = excluded.place_id, shown_in = excluded.shown_in, server = excluded.server, \
                 messages = excluded.messages, options = excluded.options",
        )
        .bind(&post.id)
        .bind(&post.asked)
        .bind(&post.turn)
        .bind(&post.digest)
        .bind(&post.place)
        .bind(post.shown_in.as_deref())
        .bind(post.server.as_deref())
        .bind(json(&post.messages))
        .bind(json(&post.options))
        .bind(now)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// What was shown under this id.
    pub(crate) async fn find_post(&self, id: &str) -> Result<Option<Post>, StoreError> {
        let row = sqlx::query(
            "SELECT id, asked, turn, digest, place_id, shown_in, server, messages, options FROM posts WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(post).transpose()
    }

    /// What was shown in reply to this message.
    pub(crate) async fn find_post_to(&self, asked: &str) -> Result<Option<Post>, StoreError> {
        let row = sqlx::query(
            "SELECT id, asked, turn, digest, place_id, shown_in, server, messages, options FROM posts WHERE asked = $1",
        )
        .bind(asked)
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(post).transpose()
    }

    /// Takes the lease `name` for `holder` until `until`, or keeps it; false while somebody else's has not ended.
    pub(crate) async fn take_lease(&self, name: &str, holder: &str, now: i64, until: i64) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "INSERT INTO leases (name, holder, lease_until) VALUES ($1, $2, $3) \
             ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, lease_until = excluded.lease_until \
             WHERE leases.holder = $4 OR leases.lease_until < $5",
        )
        .bind(name)
        .bind(holder)
        .bind(until)
        .bind(holder)
        .bind(now)
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Gives the lease up, if it is `holder`'s.
    pub(crate) async fn give_lease_up(&self, name: &str, holder: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM leases WHERE name = $1 AND holder = $2")
            .bind(name)
            .bind(holder)
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}

fn held(row: &AnyRow) -> Result<Held, StoreError> {
    let owner = Account { platform: row.try_get("platform")?, id: row.try_get("owner")? };
    Ok(Held {
        place: Place { id: row.try_get("id")?, owner, is_public: row.try_get::<i64, _>("is_public")? != 0 },
        conversation: row.try_get("conversation_id")?,
        delivered: row.try_get("delivered")?,
        undelivered: parse("places", &row.try_get::<String, _>("undelivered")?)?,
    })
}

fn post(row: &AnyRow) -> Result<Post, StoreError> {
    Ok(Post {
        id: row.try_get("id")?,
        asked: row.try_get("asked")?,
        turn: row.try_get("turn")?,
        digest: row.try_get("digest")?,
        place: row.try_get("place_id")?,
        shown_in: row.try_get("shown_in")?,
        server: row.try_get("server")?,
        messages: parse("posts", &row.try_get::<String, _>("messages")?)?,
        options: parse("posts", &row.try_get::<String, _>("options")?)?,
    })
}
