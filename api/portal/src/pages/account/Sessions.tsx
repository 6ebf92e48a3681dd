import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";

import { graphql } from "../../gql";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { Time } from "../../parts/Time";
import { useFormErrors } from "../../parts/formErrors";
import rows from "../../parts/rows.module.css";
import { Card } from "./Card";

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

/** Where somebody is signed in; each but this one can be ended here. */
export function Sessions({ sessions, onChange }: { sessions: readonly Session[]; onChange: () => void }) {
    const { t } = useTranslation();
    const [{ fetching }, revoke] = useMutation(REVOKE);
    const form = useFormErrors([], { unreachable: t("errors.unreachable") });
    const end = async (sessionId: string) => {
        const { data, error } = await revoke({ input: { sessionId } });
        if (form.take({ error, userErrors: data?.sessionRevoke.userErrors })) onChange();
    };
    return (
        <Card title={t("sessions.title")}>
            <ErrorSummary errors={form.errors} labels={{}} />
            <Stack component="ul" gap={0} m={0} p={0} style={{ listStyle: "none" }}>
                {sessions.map((session) => (
                    <Group component="li" key={session.id} justify="space-between" className={rows["row"] ?? ""}>
                        <Text size="sm" component="div">
                            {t("sessions.since")} <Time at={session.createdAt} />. {t("sessions.used")}{" "}
                            <Time at={session.usedAt} />.
                        </Text>
                        {session.isCurrent ? (
                            <Badge variant="outline" tt="none">
                                {t("sessions.current")}
                            </Badge>
                        ) : (
                            <Button size="xs" variant="default" loading={fetching} onClick={() => void end(session.id)}>
                                {t("sessions.end")}
                            </Button>
                        )}
                    </Group>
                ))}
            </Stack>
        </Card>
    );
}
