import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";

import { graphql } from "../../gql";
import { Dialog } from "../../parts/Dialog";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { PasswordField } from "../../parts/PasswordField";
import { Time } from "../../parts/Time";
import { useFields } from "../../parts/fields";
import rows from "../../parts/rows.module.css";
import { Card } from "./Card";
import { FactorForm } from "./FactorForm";

const REVOKE = graphql(`
    mutation SessionRevoke($input: SessionRevokeInput!) {
        sessionRevoke(input: $input) {
            userErrors {
                code
                field
                message
            }
        }
    }
`);

/** One place where somebody is signed in. */
interface Session {
    id: string;
    createdAt: string;
    usedAt: string;
    isCurrent: boolean;
}

/** Where somebody is signed in; each but this one can be ended here, with the password. */
export function Sessions({ sessions, onChange }: { sessions: readonly Session[]; onChange: () => void }) {
    const { t } = useTranslation();
    const [wanted, setWanted] = useState<string>();
    const leave = () => setWanted(undefined);
    return (
        <Card title={t("sessions.title")}>
            <Stack component="ul" gap={0} m={0} p={0} style={{ listStyle: "none" }}>
                {sessions.map((session) => (
                    <Group component="li" key={session.id} justify="space-between" className={rows["row"] ?? ""}>
                        <Text size="sm" component="div" id={`session-${session.id}`}>
                            {t("sessions.since")} <Time at={session.createdAt} />. {t("sessions.used")}{" "}
                            <Time at={session.usedAt} />.
                        </Text>
                        {session.isCurrent ? (
                            <Badge variant="outline" tt="none">
                                {t("sessions.current")}
                            </Badge>
                        ) : (
                            <Button
                                size="xs"
                                variant="default"
                                aria-describedby={`session-${session.id}`}
                                onClick={() => setWanted(session.id)}
                            >
                                {t("sessions.end")}
                            </Button>
                        )}
                    </Group>
                ))}
            </Stack>
            <Dialog opened={wanted !== undefined} onClose={leave} title={t("sessions.endTitle")}>
                {wanted === undefined ? null : (
                    <EndSession
                        session={wanted}
                        onCancel={leave}
                        onDone={() => {
                            leave();
                            onChange();
                        }}
                    />
                )}
            </Dialog>
        </Card>
    );
}

/** Asks for the password and ends a session. */
function EndSession({ session, onDone, onCancel }: { session: string; onDone: () => void; onCancel: () => void }) {
    const { t } = useTranslation();
    const [{ fetching }, revoke] = useMutation(REVOKE);
    const form = useFields({ currentPassword: t("password.current") }, { prefix: "session-" });
    const submit = async () => {
        if (!form.complete()) return;
        const { data, error } = await revoke({ input: { sessionId: session, ...form.values } });
        if (form.errors.take({ error, userErrors: data?.sessionRevoke.userErrors })) onDone();
    };
    return (
        <Stack>
            <ErrorSummary {...form.summary} />
            <FactorForm action={t("sessions.end")} sending={fetching} onSubmit={submit} onCancel={onCancel}>
                <PasswordField {...form.input("currentPassword")} autoComplete="current-password" autoFocus />
            </FactorForm>
        </Stack>
    );
}
