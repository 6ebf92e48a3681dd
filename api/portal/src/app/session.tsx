import {
    type ReactNode,
    createContext,
    useCallback,
    useContext,
    useEffect,
    useMemo,
    useState,
    startTransition,
} from "react";
import { type Client, Provider } from "urql";

import { graphql } from "../gql";
import type { SessionQuery } from "../gql/graphql";
import { createClient, isSignedOut } from "./client";
import { closeKept, onSessionElsewhere, openKept } from "../parts/kept";
import { chosen, setLanguage } from "./languages";

const SESSION = graphql(`
    query Session {
        viewer {
            person {
                id
                name
            }
            roles
            lacksSecondFactor
            accounts {
                id
                name
                reference
            }
            preferences {
                language
                timeZone
            }
            user {
                email
                username
            }
            sessionKey
        }
    }
`);

/** Who is signed in. */
export type Viewer = SessionQuery["viewer"];

/** Whether somebody is signed in, and who. */
export type Session =
    | { state: "unknown" }
    | { state: "unreachable"; retry: () => void }
    | { state: "signed-out" }
    | { state: "signed-in"; viewer: Viewer };

interface SessionContextValue {
    session: Session;
    /** Looks again who is signed in: after signing in or out. Forgets everything that was read before. */
    renew: () => void;
}

const SessionContext = createContext<SessionContextValue>({ session: { state: "unknown" }, renew: () => undefined });

/** Gives everything below it a client of the API, and who is signed in. */
export function SessionProvider({ children }: { children: ReactNode }) {
    const [turn, setTurn] = useState(0);
    const renew = useCallback(() => setTurn((before) => before + 1), []);
    return (
        <Turn key={turn} renew={renew}>
            {children}
        </Turn>
    );
}

/** Who is signed in, with what they left in this browser; nothing where that cannot be asked. */
async function look(client: Client): Promise<Session | undefined> {
    const { data, error } = await client.query(SESSION, {}, { requestPolicy: "network-only" }).toPromise();
    if (!data) return isSignedOut(error) ? { state: "signed-out" } : undefined;
    const { viewer } = data;
    await openKept(viewer.person.id, viewer.sessionKey);
    const wanted = viewer.preferences.language;
    if (wanted && !chosen()) await setLanguage(wanted === "SPANISH" ? "es" : "en");
    return { state: "signed-in", viewer };
}

/** The time between two changes of who is signed in: with a client of its own. */
function Turn({ renew, children }: { renew: () => void; children: ReactNode }) {
    const [session, setSession] = useState<Session>({ state: "unknown" });
    const [{ client, close }] = useState(() =>
        createClient({
            onSignedOut: () => {
                closeKept();
                setSession({ state: "signed-out" });
            },
            onChanged: renew,
        }),
    );

    useEffect(() => onSessionElsewhere(renew), [renew]);
    useEffect(() => {
        let over = false;
        void look(client).then((found) => {
            // The whole page is made of it: in small steps, so that the browser stays with the reader.
            if (!over) startTransition(() => setSession(found ?? { state: "unreachable", retry: renew }));
        });
        return () => {
            over = true;
            close();
        };
    }, [client, close, renew]);

    const value = useMemo(() => ({ session, renew }), [session, renew]);
    return (
        <SessionContext value={value}>
            <Provider value={client}>{children}</Provider>
        </SessionContext>
    );
}

/** Who is signed in, and how to look again. */
export function useSession(): SessionContextValue {
    return useContext(SessionContext);
}

/** Who is signed in, below pages that only those who are can open. */
export function useViewer(): Viewer {
    const { session } = useSession();
    if (session.state !== "signed-in") throw new Error("this page is for people who are signed in");
    return session.viewer;
}

const DESK = ["AGENT", "SUPERVISOR"];

/** Whether somebody works cases. */
export function isDesk(viewer: Viewer): boolean {
    return viewer.roles.some((role) => DESK.includes(role));
}

/** Whether somebody runs the desk. */
export function isSupervisor(viewer: Viewer): boolean {
    return viewer.roles.includes("SUPERVISOR");
}
