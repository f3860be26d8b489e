//! Which messages are for us. Pure: people talk to each other, and a bot that joins in is thrown out.

/// What is known of a message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Heard {
    /// A bot, a webhook or Discord itself wrote it.
    pub(super) is_automatic: bool,
    /// The bot does not answer on this server.
    pub(super) is_elsewhere: bool,
    /// It is a direct message.
    pub(super) is_direct: bool,
    /// It names us.
    pub(super) names_us: bool,
    /// It names somebody else, or replies to somebody else.
    pub(super) is_for_others: bool,
    /// The thread it stands in, when a conversation is held there.
    pub(super) thread: Option<OurThread>,
    /// It begins a post of a forum of questions.
    pub(super) begins_a_post: bool,
    /// It stands in a channel of questions.
    pub(super) is_in_support: bool,
}

/// A thread where a conversation is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OurThread {
    /// With the author of the message.
    Theirs,
    /// With somebody else.
    SomebodyElses,
}

/// Where a message is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heed {
    /// It is not for us.
    Ignore,
    /// In direct messages.
    Direct,
    /// In the thread where the conversation is held.
    InThread,
    /// In the post that it begins.
    InPost,
    /// In a thread to be opened below it.
    OpenThread,
    /// Where it stands, as a reply.
    Here,
}

/// Where `heard` is answered.
pub(super) fn decide(heard: Heard) -> Heed {
    if heard.is_automatic || heard.is_elsewhere {
        return Heed::Ignore;
    }
    if heard.is_direct {
        return Heed::Direct;
    }
    match heard.thread {
        Some(OurThread::Theirs) if heard.names_us || !heard.is_for_others => return Heed::InThread,
        Some(OurThread::SomebodyElses) if heard.names_us => return Heed::Here,
        Some(_) => return Heed::Ignore,
        None => {}
    }
    if heard.begins_a_post {
        return Heed::InPost;
    }
    if heard.names_us || (heard.is_in_support && !heard.is_for_others) { Heed::OpenThread } else { Heed::Ignore }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(heard: Heard, expect: Heed) {
        assert_eq!(decide(heard), expect, "{heard:?}");
    }

    #[test]
    fn only_what_is_for_us_is_answered() {
        let heard = Heard::default();
        check(heard, Heed::Ignore);
        check(Heard { names_us: true, ..heard }, Heed::OpenThread);
        check(Heard { names_us: true, is_automatic: true, ..heard }, Heed::Ignore);
        check(Heard { names_us: true, is_elsewhere: true, ..heard }, Heed::Ignore);
        check(Heard { is_direct: true, ..heard }, Heed::Direct);
        check(Heard { begins_a_post: true, ..heard }, Heed::InPost);
        check(Heard { is_in_support: true, ..heard }, Heed::OpenThread);
        check(Heard { is_in_support: true, is_for_others: true, ..heard }, Heed::Ignore);
    }

    #[test]
    fn in_a_thread_only_its_owner_is_answered_unless_somebody_calls_us() {
        let theirs = Heard { thread: Some(OurThread::Theirs), ..Heard::default() };
        let others = Heard { thread: Some(OurThread::SomebodyElses), ..Heard::default() };
        check(theirs, Heed::InThread);
        check(Heard { is_for_others: true, ..theirs }, Heed::Ignore);
        check(Heard { is_for_others: true, names_us: true, ..theirs }, Heed::InThread);
        check(others, Heed::Ignore);
        check(Heard { names_us: true, ..others }, Heed::Here);
    }
}
