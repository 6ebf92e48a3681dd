import {
    type ReactNode,
    createContext,
    useCallback,
    useContext,
    useEffect,
    useMemo,
    useRef,
    useState,
    useSyncExternalStore,
} from "react";
import { type Client, type CombinedError, useClient } from "urql";

import { graphql } from "../gql";
import { type UserError, inWords, saidOf } from "../parts/formErrors";
import { newKey } from "../parts/keyed";
import { drop, keep, kept, keptNames, onKept } from "../parts/kept";

const POST = graphql(`
    mutation PostMessage($input: CasePostMessageInput!) {
        sent: casePostMessage(input: $input) {
            userErrors {
                code
                field
                message
            }
            case {
                id
                version
            }
        }
    }
`);

const NOTE = graphql(`
    mutation AddNote($input: CaseAddNoteInput!) {
        sent: caseAddNote(input: $input) {
            userErrors {
                code
                field
                message
            }
            case {
                id
                version
            }
        }
    }
`);

/** A message or note on its way: kept in this browser until it is there. Its key makes sending it again harmless. */
export interface Outgoing {
    key: string;
    caseId: string;
    caseNumber: string;
    body: string;
    uploads: string[];
    fileNames: string[];
    isNote: boolean;
    at: string;
}

const BEGINNING = "outbox.";
const nameOf = ({ caseId, key }: Outgoing) => `${BEGINNING}${caseId}.${key}`;

/** Sends as the only one of this browser's pages, where the browser can say so: it cannot on a page that came over plain HTTP from another machine. */
async function alone(pump: () => Promise<void>): Promise<void> {
    const { locks } = navigator as { locks?: LockManager };
    await (locks ? locks.request("casestream.outbox", pump) : pump());
}

/** Waits between two attempts while the service does not answer, in milliseconds; the last one again and again. */
const WAITS = [1_000, 2_000, 4_000, 8_000, 15_000];

/** What says that the same may be taken later. */
const LATER = [
    "UNAVAILABLE",
    "RATE_LIMITED",
    "TIMEOUT",
    "REQUEST_TIMEOUT",
    "UNAUTHENTICATED",
    "SECOND_FACTOR_DEMANDED",
];

/** What became of a message: it is there, it may be later, or it was not taken. */
type Outcome = "sent" | "later" | { refusal: string };

async function deliver(client: Client, message: Outgoing): Promise<Outcome> {
    const { caseId, body, uploads, key: idempotencyKey } = message;
    const input = { caseId, body, uploads, idempotencyKey };
    const { data, error } = await client.mutation(message.isNote ? NOTE : POST, { input }).toPromise();
    return data ? outcomeOf(data.sent.userErrors) : notTaken(error);
}

function outcomeOf([error]: readonly UserError[]): Outcome {
    return error === undefined ? "sent" : { refusal: inWords(error) };
}

function notTaken(error: CombinedError | undefined): Outcome {
    const [said] = error?.graphQLErrors ?? [];
    const isLater = said === undefined || LATER.includes(String(said.extensions["code"]));
    return isLater ? "later" : { refusal: saidOf(error) ?? said.message };
}

interface Outbox {
    waiting: readonly Outgoing[];
    /** Why messages were not taken, by their keys. */
    refused: Readonly<Record<string, string>>;
    /** Whether the service does not answer. */
    unreachable: boolean;
    post: (message: Omit<Outgoing, "key" | "at">) => void;
    retry: (key: string) => void;
    discard: (message: Outgoing) => void;
}

const OutboxContext = createContext<Outbox | undefined>(undefined);

function outgoing(): Outgoing[] {
    const all = keptNames(BEGINNING).map((name) => kept(name) as Outgoing);
    return all.sort((a, b) => a.at.localeCompare(b.at));
}

/**
 * Sends what was written, in the order in which it was, whatever page is open meanwhile: again and again while the service does not answer. Of several
 * pages of this browser one sends at a time.
 */
export function OutboxProvider({ children }: { children: ReactNode }) {
    const client = useClient();
    const names = useSyncExternalStore(onKept, () => keptNames(BEGINNING).join(" "));
    const [refused, setRefused] = useState<Readonly<Record<string, string>>>({});
    const [unreachable, setUnreachable] = useState(false);
    const held = useRef(new Set<string>());
    const running = useRef<Promise<void>>(undefined);
    const failures = useRef(0);
    // Whoever signs in next has an outbox of their own.
    const isOver = useRef(false);
    useEffect(() => {
        isOver.current = false;
        return () => {
            isOver.current = true;
        };
    }, []);

    const pump = useCallback(async () => {
        while (!isOver.current) {
            const next = outgoing().find(({ key }) => !held.current.has(key));
            if (next === undefined) return;
            const outcome = await deliver(client, next);
            failures.current = outcome === "later" ? failures.current + 1 : 0;
            setUnreachable(outcome === "later");
            if (outcome === "later") return;
            if (outcome === "sent") drop(nameOf(next));
            else {
                held.current.add(next.key);
                setRefused((before) => ({ ...before, [next.key]: outcome.refusal }));
            }
        }
    }, [client]);
    const start = useCallback(() => {
        running.current ??= alone(pump).finally(() => {
            running.current = undefined;
        });
        return running.current;
    }, [pump]);

    useEffect(() => {
        if (names === "") return undefined;
        let timer: number | undefined;
        let over = false;
        const turn = () => {
            window.clearTimeout(timer);
            void start().finally(() => {
                const wait = WAITS[Math.min(failures.current, WAITS.length) - 1];
                if (!over && wait !== undefined) timer = window.setTimeout(turn, wait * (0.75 + Math.random() / 2));
            });
        };
        turn();
        window.addEventListener("online", turn);
        return () => {
            over = true;
            window.clearTimeout(timer);
            window.removeEventListener("online", turn);
        };
    }, [names, refused, start]);

    const value = useMemo<Outbox>(() => {
        const free = (key: string) => {
            held.current.delete(key);
            setRefused((before) => Object.fromEntries(Object.entries(before).filter(([other]) => other !== key)));
        };
        return {
            waiting: names === "" ? [] : outgoing(),
            refused,
            unreachable,
            post: (message) => {
                const whole = { ...message, key: newKey(), at: new Date().toISOString() };
                keep(nameOf(whole), whole);
            },
            retry: (key) => {
                free(key);
                void start();
            },
            discard: (message) => {
                free(message.key);
                drop(nameOf(message));
            },
        };
    }, [names, refused, unreachable, start]);
    return <OutboxContext value={value}>{children}</OutboxContext>;
}

/** How many messages are not there yet. */
export function unsent(): number {
    return keptNames(BEGINNING).length;
}

/** The numbers of the cases that these are for. */
export function casesUnsent(): string[] {
    return [...new Set(outgoing().map(({ caseNumber }) => caseNumber))];
}

/** The messages of a case, and of those that it goes on for, that were written here and are not there yet. */
export function useOutbox(caseIds: readonly string[]): Outbox {
    const outbox = useContext(OutboxContext);
    if (outbox === undefined) throw new Error("there is no outbox around this page");
    return { ...outbox, waiting: outbox.waiting.filter((message) => caseIds.includes(message.caseId)) };
}
