import { Alert, Anchor, Button, Group, Text } from "@mantine/core";
import { Fragment, useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { useMutation } from "urql";

import { graphql } from "../gql";
import { forgetKept, onKept } from "../parts/kept";
import { casesUnsent, unsent } from "./outbox";
import { useSession } from "./session";

const SIGN_OUT = graphql(`
    mutation SignOut {
        signOut {
            userErrors {
                code
                message
            }
        }
    }
`);

/** Signs out, and leads to where one signs in; answers whether the service could be reached, without which nothing happens. */
export function useSignOut(): () => Promise<boolean> {
    const { renew } = useSession();
    const navigate = useNavigate();
    const [, signOut] = useMutation(SIGN_OUT);
    return useCallback(async () => {
        const { error } = await signOut({});
        if (error?.networkError) return false;
        forgetKept();
        await navigate("/sign-in");
        renew();
        return true;
    }, [signOut, navigate, renew]);
}

/** Somebody's wish to leave. */
export interface Leaving {
    /** How many messages are in the way. */
    unsent: number;
    /** `waiting` for messages to arrive; `unreachable` when the service did not answer. */
    state: "staying" | "waiting" | "unreachable";
    /** Signs out as soon as everything that was sent is there. */
    leave: () => void;
    /** Signs out whatever is left. */
    leaveAtOnce: () => void;
    /** Takes the wish back. */
    stay: () => void;
}

/** Signing out, which throws away what this browser keeps: not before what somebody sent has arrived, unless they say so. */
export function useLeaving(): Leaving {
    const signOut = useSignOut();
    const [state, setState] = useState<Leaving["state"]>("staying");
    const left = useSyncExternalStore(onKept, unsent);
    const leaveAtOnce = useCallback(() => {
        void signOut().then((isReached) => setState(isReached ? "staying" : "unreachable"));
    }, [signOut]);
    useEffect(() => {
        if (state !== "waiting") return undefined;
        const look = () => {
            if (unsent() === 0) leaveAtOnce();
        };
        look();
        return onKept(look);
    }, [state, leaveAtOnce]);
    return { unsent: left, state, leave: () => setState("waiting"), leaveAtOnce, stay: () => setState("staying") };
}

/** Why somebody who wants to leave is still signed in, and what they can do about it. */
export function NotLeft({ leaving }: { leaving: Leaving }) {
    const { t } = useTranslation();
    const { state, unsent: count } = leaving;
    const first = useRef<HTMLButtonElement>(null);
    const isShown = state === "unreachable" || (state === "waiting" && count > 0);
    useEffect(() => {
        if (isShown) first.current?.focus();
    }, [isShown]);
    if (!isShown) return null;
    return (
        <Alert
            role="alertdialog"
            aria-label={t("leaving.title")}
            title={t("leaving.title")}
            color="yellow"
            variant="outline"
            mb="md"
            bg="var(--mantine-color-body)"
            style={{ position: "sticky", insetBlockStart: 64, zIndex: 50 }}
        >
            <Text size="sm" mb="xs">
                {state === "waiting" ? t("leaving.waiting", { count }) : t("leaving.unreachable")}{" "}
                {state === "waiting"
                    ? casesUnsent().map((number, index) => (
                          <Fragment key={number}>
                              {index > 0 ? ", " : ""}
                              <Anchor component={Link} to={`/cases/${number}`} inherit underline="always">
                                  {t("leaving.case", { number })}
                              </Anchor>
                          </Fragment>
                      ))
                    : null}
            </Text>
            <Group gap="xs">
                <Button ref={first} size="compact-md" onClick={leaving.stay}>
                    {t("leaving.stay")}
                </Button>
                {state === "waiting" ? (
                    <Button size="compact-md" variant="default" onClick={leaving.leaveAtOnce}>
                        {t("leaving.atOnce")}
                    </Button>
                ) : (
                    <Button size="compact-md" variant="default" onClick={leaving.leave}>
                        {t("errors.tryAgain")}
                    </Button>
                )}
            </Group>
        </Alert>
    );
}
