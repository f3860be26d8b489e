//! Which permission is missing: by what Discord says that we have, not by a guess. Pure, but for the asking.

use serenity::model::channel::{GuildChannel, PermissionOverwrite, PermissionOverwriteType};
use serenity::model::guild::Role;
use serenity::model::id::{ChannelId, GuildId, RoleId, UserId};
pub(super) use serenity::model::permissions::Permissions;

use super::Discord;
use super::fault::{Attempt, Fault};

/// What each attempt needs; what is missing most often comes first.
pub(super) const NEEDED: [(Attempt, &[Permissions]); 5] = [
    (Attempt::Read, &[Permissions::VIEW_CHANNEL, Permissions::READ_MESSAGE_HISTORY]),
    (Attempt::Send, &[Permissions::SEND_MESSAGES, Permissions::EMBED_LINKS, Permissions::VIEW_CHANNEL]),
    (
        Attempt::SendInThread,
        &[Permissions::SEND_MESSAGES_IN_THREADS, Permissions::EMBED_LINKS, Permissions::VIEW_CHANNEL],
    ),
    (Attempt::OpenThread, &[Permissions::CREATE_PUBLIC_THREADS, Permissions::VIEW_CHANNEL]),
    (Attempt::EditThread, &[Permissions::MANAGE_THREADS, Permissions::VIEW_CHANNEL]),
];

/// What administrators see a permission as, in a French Discord.
pub(super) fn name(permission: Permissions) -> String {
    let names = [
        (Permissions::VIEW_CHANNEL, "Voir les salons"),
        (Permissions::READ_MESSAGE_HISTORY, "Voir les anciens messages"),
        (Permissions::SEND_MESSAGES, "Envoyer des messages"),
        (Permissions::SEND_MESSAGES_IN_THREADS, "Envoyer des messages dans les fils"),
        (Permissions::EMBED_LINKS, "Intégrer des liens"),
        (Permissions::CREATE_PUBLIC_THREADS, "Créer des fils publics"),
        (Permissions::MANAGE_THREADS, "Gérer les fils"),
    ];
    names.iter().find(|(known, _)| *known == permission).map_or("", |(_, name)| name).to_owned()
}

/// What `attempt` needs and `has` does not hold, as administrators see it; none when nothing is missing.
pub(super) fn missing(attempt: Attempt, has: Permissions) -> Option<String> {
    if has.contains(Permissions::ADMINISTRATOR) {
        return None;
    }
    let needed = NEEDED.iter().find(|(known, _)| *known == attempt).map_or(&[][..], |(_, needed)| needed);
    let names: Vec<String> =
        needed.iter().filter(|permission| !has.contains(**permission)).map(|permission| name(*permission)).collect();
    (!names.is_empty()).then(|| names.join("\u{a0}», «\u{a0}"))
}

/// What a member with `held` roles may do in a channel with `overwrites`, by Discord's own order: everybody, roles, what
/// the channel says of everybody, of the roles, of the member.
fn effective(
    guild: GuildId,
    roles: &[Role],
    held: &[RoleId],
    overwrites: &[PermissionOverwrite],
    me: UserId,
) -> Permissions {
    let everybody = RoleId::new(guild.get());
    let has = roles
        .iter()
        .filter(|role| role.id == everybody || held.contains(&role.id))
        .fold(Permissions::empty(), |has, role| has | role.permissions);
    if has.contains(Permissions::ADMINISTRATOR) {
        return has;
    }
    let of = |is_meant: &dyn Fn(PermissionOverwriteType) -> bool| {
        overwrites
            .iter()
            .filter(|overwrite| is_meant(overwrite.kind))
            .fold((Permissions::empty(), Permissions::empty()), |(allow, deny), one| {
                (allow | one.allow, deny | one.deny)
            })
    };
    let steps = [
        of(&|kind| kind == PermissionOverwriteType::Role(everybody)),
        of(&|kind| matches!(kind, PermissionOverwriteType::Role(role) if role != everybody && held.contains(&role))),
        of(&|kind| kind == PermissionOverwriteType::Member(me)),
    ];
    steps.into_iter().fold(has, |has, (allow, deny)| (has - deny) | allow)
}

impl Discord {
    /// The same fault; one that says that a permission is missing names those that really are, when Discord tells.
    pub(super) async fn explained(&self, fault: Fault, channel: ChannelId, has: Option<Permissions>) -> Fault {
        let Fault::MissingPermission { attempt, .. } = fault else { return fault };
        let has = match has {
            Some(has) => Ok(has),
            None => self.permissions_in(channel).await,
        };
        match has {
            Ok(has) => {
                missing(attempt, has).map_or(fault, |permission| Fault::MissingPermission { attempt, permission })
            }
            // Who may not look at the channel is not told what else is missing.
            Err(Fault::MissingPermission { .. }) => {
                Fault::MissingPermission { attempt, permission: name(Permissions::VIEW_CHANNEL) }
            }
            Err(other) => {
                tracing::debug!("Discord does not say what we may do: {other}");
                fault
            }
        }
    }

    async fn permissions_in(&self, channel: ChannelId) -> Result<Permissions, Fault> {
        let me = self.api.introduce().await?;
        let mut here = self.guild_channel(channel).await?;
        // A thread has the permissions of the channel that it stands in.
        if let (Some(_), Some(parent)) = (&here.thread_metadata, here.parent_id) {
            here = self.guild_channel(parent).await?;
        }
        let roles = self.api.roles(here.guild_id).await?;
        let member = self.api.member(here.guild_id, me).await?;
        Ok(effective(here.guild_id, &roles, &member.roles, &here.permission_overwrites, me))
    }

    async fn guild_channel(&self, channel: ChannelId) -> Result<GuildChannel, Fault> {
        self.api.channel(channel).await?.guild().ok_or(Fault::Gone)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn role(id: u64, permissions: Permissions) -> Role {
        serde_json::from_value(json!({
            "id": id.to_string(), "guild_id": "5", "name": "rôle", "color": 0, "hoist": false, "managed": false,
            "mentionable": false, "colors": { "primary_color": 0 }, "permissions": permissions.bits().to_string(), "position": 0,
        }))
        .expect("a role")
    }

    fn overwrite(kind: PermissionOverwriteType, allow: Permissions, deny: Permissions) -> PermissionOverwrite {
        PermissionOverwrite { allow, deny, kind }
    }

    #[test]
    fn what_is_missing_is_named_by_what_we_have() {
        let all = Permissions::all() - Permissions::ADMINISTRATOR;
        assert_eq!(missing(Attempt::SendInThread, all), None);
        assert_eq!(missing(Attempt::SendInThread, Permissions::ADMINISTRATOR), None);
        let check = |attempt, lacks, name: &str| assert_eq!(missing(attempt, all - lacks).as_deref(), Some(name));
        check(Attempt::Send, Permissions::SEND_MESSAGES, "Envoyer des messages");
        check(Attempt::Send, Permissions::EMBED_LINKS, "Intégrer des liens");
        check(Attempt::EditThread, Permissions::MANAGE_THREADS, "Gérer les fils");
        check(
            Attempt::Read,
            Permissions::VIEW_CHANNEL | Permissions::READ_MESSAGE_HISTORY,
            "Voir les salons\u{a0}», «\u{a0}Voir les anciens messages",
        );
    }

    #[test]
    fn a_channel_says_more_than_roles_and_of_a_member_more_than_of_his_roles() {
        let (guild, me, ours) = (GuildId::new(5), UserId::new(9), RoleId::new(6));
        let send = Permissions::SEND_MESSAGES;
        let roles = [role(5, send), role(6, Permissions::EMBED_LINKS), role(7, Permissions::ADMINISTRATOR)];
        let none = Permissions::empty();
        let everybody = PermissionOverwriteType::Role(RoleId::new(5));
        let has = |overwrites: &[PermissionOverwrite]| effective(guild, &roles, &[ours], overwrites, me);
        assert_eq!(has(&[]), send | Permissions::EMBED_LINKS);
        let closed = overwrite(everybody, none, send);
        assert_eq!(has(std::slice::from_ref(&closed)), Permissions::EMBED_LINKS);
        let for_us = overwrite(PermissionOverwriteType::Role(ours), send, none);
        assert!(has(&[for_us.clone(), closed.clone()]).contains(send), "whatever the order");
        let not_me = overwrite(PermissionOverwriteType::Member(me), none, send);
        assert!(!has(&[not_me, for_us, closed]).contains(send));
        let admin = effective(guild, &roles, &[RoleId::new(7)], &[overwrite(everybody, none, send)], me);
        assert!(admin.contains(send | Permissions::ADMINISTRATOR));
    }
}
