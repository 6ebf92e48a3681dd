import { Anchor, Button, Grid, Group, Paper, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { useQuery } from "urql";

import { NotFound } from "../../app/NotFound";
import { isSupervisor, useViewer } from "../../app/session";
import { Dialog } from "../../parts/Dialog";
import { Failure } from "../../parts/Failure";
import { Page } from "../../parts/Page";
import { Terms } from "../../parts/Terms";
import { Time } from "../../parts/Time";
import { AddPerson } from "./AddPerson";
import { Person } from "./Person";
import { Problems } from "./Problems";
import { type Asked, PAGE, REDACT } from "./documents";
import { useDecision } from "./useDecision";

/** A request for access: who asks for what, and what becomes of each of them. */
export function Component() {
    return isSupervisor(useViewer()) ? <RequestPage /> : <NotFound />;
}

function RequestPage() {
    const { t } = useTranslation();
    const { id = "" } = useParams();
    const [{ data, error, fetching }, read] = useQuery({ query: PAGE, variables: { id } });
    const shown = data?.accessRequest;
    if (shown === null && !fetching) return <NotFound />;
    if (!shown) {
        return (
            <Page title={t("requests.one")}>
                {error && !fetching ? (
                    <Failure error={error} retry={() => read({ requestPolicy: "network-only" })} />
                ) : (
                    <Skeleton height={240} />
                )}
            </Page>
        );
    }
    const name = shown.people[0]?.name ?? t("requests.redacted");
    return (
        <Page
            title={t("requests.of", { name })}
            aside={
                <Anchor component={Link} to="/access-requests" size="sm">
                    {t("requests.back")}
                </Anchor>
            }
        >
            <Grid gap="lg">
                <Grid.Col span={{ base: 12, md: 5, lg: 4 }}>
                    <Words of={shown} />
                </Grid.Col>
                <Grid.Col span={{ base: 12, md: 7, lg: 8 }}>
                    <Stack gap="sm" component="section" aria-label={t("requests.people")}>
                        <Title order={2} size="h4">
                            {t("requests.people")}
                        </Title>
                        {shown.people.map((person) => (
                            <Person key={person.number} of={shown} person={person} />
                        ))}
                        {shown.redacted ? null : <AddPerson of={shown} />}
                    </Stack>
                </Grid.Col>
            </Grid>
        </Page>
    );
}

/** What was written in the form. */
function Words({ of }: { of: Asked }) {
    const { t } = useTranslation();
    const facts = [
        [t("requestAccess.type"), t(`requestAccess.types.${of.type}`)],
        [t("requestAccess.accountName"), of.accountName],
        [t("requestAccess.serviceAddress"), of.serviceAddress],
        [t("requestAccess.description"), of.description],
        [t("requests.submitted"), <Time key="submitted" at={of.submittedAt} />],
    ] as const;
    return (
        <Paper withBorder p="md" radius="md">
            <Stack gap="sm">
                <Terms of={facts} />
                {of.redacted ? (
                    <Text size="sm" fs="italic">
                        {t("requests.destroyed")}
                    </Text>
                ) : (
                    <Redact of={of} />
                )}
            </Stack>
        </Paper>
    );
}

function Redact({ of }: { of: Asked }) {
    const { t } = useTranslation();
    const [opened, { open, close }] = useDisclosure();
    const decision = useDecision(of);
    return (
        <Group>
            <Button size="compact-sm" variant="default" onClick={open}>
                {t("requests.destroy")}
            </Button>
            <Dialog opened={opened} onClose={close} title={t("requests.destroy")}>
                <Stack>
                    <Problems of={decision.problems} />
                    <Text size="sm">{t("requests.destroyText")}</Text>
                    <Group justify="flex-end">
                        <Button variant="default" onClick={close}>
                            {t("case.back")}
                        </Button>
                        <Button
                            color="red"
                            loading={decision.busy}
                            onClick={() =>
                                void decision.run(REDACT, {}).then((isDone) => {
                                    if (isDone) close();
                                })
                            }
                        >
                            {t("requests.destroySubmit")}
                        </Button>
                    </Group>
                </Stack>
            </Dialog>
        </Group>
    );
}
