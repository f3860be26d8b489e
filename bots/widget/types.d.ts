// What the modules of the chat pass to each other. Read by the type checker only: no browser loads it.

export interface Span {
  text: string;
  strong?: boolean;
  em?: boolean;
  code?: boolean;
  href?: string;
  entry?: string;
  /** An image that stands here; the text says what it shows. */
  image?: { src: string; width: number; height: number };
}

export type Block =
  | { type: "paragraph"; spans: Span[] }
  | { type: "list"; ordered?: boolean; items: Block[][] };

export interface Choice {
  id: string;
  label: string;
}

export interface Reply {
  decision: string;
  blocks: Block[];
  sources?: { kind: "entry" | "rule" | "fact" | "text"; id: string; label?: string; updated_at?: number; read_at?: number }[];
  options?: Choice[];
}

/** A message as the service stores it. */
export interface Message {
  id: string;
  number: number;
  author: "visitor" | "assistant" | "agent" | "ticket";
  text?: string;
  reply?: Reply;
  name?: string;
  ticket?: string;
  status?: string;
  /** What the visitor said of it. */
  helpful?: boolean;
  /** What comes with an agent's answer. */
  files?: { id: string; name: string; bytes: number }[];
  sent_at: number;
}

/** What is different about a conversation besides what is said in it. */
export interface Changed {
  /** How often something that was said before has changed. */
  changes: number;
  /** Who of the staff answers. */
  agent: string | null;
  /** That person is writing. */
  writing: boolean;
}

export interface Session {
  id: string;
  token: string;
  /** The user of the portal whose conversation it is. */
  who?: string;
}

/** What the visitor says; `client_id` makes that it is said once however often it is sent. */
export interface Outgoing {
  text: string;
  option?: string;
  client_id: string;
}

export type Said = Omit<Outgoing, "client_id">;

/** The element of the loader, as the chat sees it. */
export interface Host {
  /** Conversations are kept apart by site. */
  site: string;
  lang: string;
  /** The data- attributes. */
  data: DOMStringMap;
  /** Tells the host page. */
  emit(name: string, detail?: unknown): void;
  unread(count: number): void;
}

export interface Options extends Host {
  /** Where the service is, with a slash at the end. */
  base: string;
  /** The whole page rather than a panel. */
  page: boolean;
  /** Sentences, with those that the host page replaces. */
  texts<T extends Record<string, string>>(own: T): T;
}

export interface Panel {
  show(): void;
  hide(): void;
  /** The page knows somebody else now, or nobody. */
  identify(): void;
  readonly open: boolean;
}

export type Texts = typeof import("./texts.js").french;

declare global {
  interface Window {
    guichet?: {
      open(): void;
      close(): void;
      toggle(): void;
      identify(): void;
      on(name: string, listener: (detail: any) => void): () => void;
    };
  }
}
