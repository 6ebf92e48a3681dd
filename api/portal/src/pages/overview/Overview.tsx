import {
    Anchor,
    Button,
    Grid,
    Group,
    Paper,
    SimpleGrid,
    Skeleton,
    Stack,
    Text,
    TextInput,
    Title,
    UnstyledButton,
} from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type SyntheticEvent, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { useQuery } from "urql";

import { graphql } from "../../gql";
import type { OverviewQuery } from "../../gql/graphql";
import { Empty } from "../../parts/Empty";
import { Failure } from "../../parts/Failure";
import { isDesk, useViewer } from "../../app/session";
import { Page } from "../../parts/Page";
import { Time } from "../../parts/Time";
import { STATUSES, Status } from "../../parts/cases/Status";
import { useNames } from "../../parts/cases/catalogue";
import { who, words } from "../../parts/cases/words";
import rows from "../../parts/rows.module.css";
import styles from "./overview.module.css";

const OVERVIEW = graphql(`
    query Overview {
        overview {
            openCases {
                id
                number
                subject
                status
                typeName
                updatedAt
                wait {
                    reason
                }
            }
            updates {
                case {
                    id
                    number
                    subject
                }
                entry {
                    kind
                    occurredAt
                    actor {
                        name
                    }
                    actorRole
                    about {
                        name
                    }
                    text
                    values {
                        name
                        value
                    }
                }
                excerpt
            }
            countsByStatus {
                status
                count
            }
        }
    }
`);

type Shown = OverviewQuery["overview"];

/** What stands first: the open cases that moved last, what happened last, how many there are, and the ways on from here. */
export function Component() {
    const { t } = useTranslation();
    const [{ data, error }, read] = useQuery({ query: OVERVIEW, requestPolicy: "cache-and-network" });
    const shown = data?.overview;
    return (
        <Page title={t("overview.title")}>
            <Search />
            {error && !shown ? <Failure error={error} retry={() => read({ requestPolicy: "network-only" })} /> : null}
            <Counts counts={shown?.countsByStatus} />
            <Grid gap="lg">
                <Grid.Col span={{ base: 12, md: 6 }}>
                    <Panel title={t("overview.openCases")}>
                        {shown ? <OpenCases cases={shown.openCases} /> : <Lines failed={error !== undefined} />}
                    </Panel>
                </Grid.Col>
                <Grid.Col span={{ base: 12, md: 6 }}>
                    <Panel title={t("overview.updates")}>
                        {shown ? <Updates updates={shown.updates} /> : <Lines failed={error !== undefined} />}
                    </Panel>
                </Grid.Col>
            </Grid>
            <Panel title={t("overview.shortcuts")}>
                <Group gap="lg">
                    <Anchor component={Link} to="/create">
                        {t("create.title")}
                    </Anchor>
                    <Anchor component={Link} to="/support?status=NEW,OPEN,RESOLVED,CLOSED,CANCELED">
                        {t("overview.allCases")}
                    </Anchor>
                    <Anchor component={Link} to="/my-account">
                        {t("account.title")}
                    </Anchor>
                </Group>
            </Panel>
        </Page>
    );
}

function Search() {
    const { t } = useTranslation();
    const navigate = useNavigate();
    const [text, setText] = useState("");
    const search = (event: SyntheticEvent) => {
        event.preventDefault();
        void navigate(text.trim() === "" ? "/support" : `/support?q=${encodeURIComponent(text.trim())}`);
    };
    return (
        <form role="search" onSubmit={search}>
            <Group gap="xs" align="flex-end" wrap="nowrap">
                <TextInput
                    flex={1}
                    maw={480}
                    type="search"
                    label={t("overview.search")}
                    placeholder={t("support.searchHint")}
                    value={text}
                    maxLength={200}
                    leftSection={<IconSearch size={16} aria-hidden />}
                    onChange={(event) => setText(event.currentTarget.value)}
                />
                <Button type="submit" variant="default">
                    {t("support.search")}
                </Button>
            </Group>
        </form>
    );
}

function Counts({ counts }: { counts: Shown["countsByStatus"] | undefined }) {
    const { t } = useTranslation();
    const count = (status: string) => counts?.find((each) => each.status === status)?.count;
    return (
        <SimpleGrid
            component="ul"
            cols={{ base: 2, xs: 3, sm: 5 }}
            spacing="sm"
            m={0}
            p={0}
            style={{ listStyle: "none" }}
            aria-label={t("overview.counts")}
        >
            {STATUSES.map((status) => (
                <li key={status}>
                    <UnstyledButton component={Link} to={`/support?status=${status}`} display="block">
                        <Paper withBorder px="md" py="xs" radius="md" className={styles["count"] ?? ""}>
                            {counts ? (
                                <Text fw={700} size="xl" lh={1.3}>
                                    {count(status)}
                                </Text>
                            ) : (
                                <Skeleton height={26} width={32} />
                            )}
                            <Text size="sm">{t(`status.${status}`)}</Text>
                        </Paper>
                    </UnstyledButton>
                </li>
            ))}
        </SimpleGrid>
    );
}

function Panel({ title, children }: { title: string; children: ReactNode }) {
    const id = useId();
    return (
        <Stack gap="sm" component="section" aria-labelledby={id}>
            <Title order={2} size="h4" id={id}>
                {title}
            </Title>
            {children}
        </Stack>
    );
}

function Lines({ failed }: { failed: boolean }) {
    // As much room as the lists will take: nothing that is below them moves when they come.
    return failed ? null : Array.from({ length: 10 }, (_, line) => <Skeleton key={line} height={86} />);
}

function OpenCases({ cases }: { cases: Shown["openCases"] }) {
    const { t } = useTranslation();
    if (cases.length === 0) {
        return (
            <Empty title={t("overview.noOpenCases")}>
                <Text size="sm">{t("overview.noOpenCasesText")}</Text>
                <Anchor component={Link} to="/create">
                    {t("create.title")}
                </Anchor>
            </Empty>
        );
    }
    return cases.map((each) => (
        <Paper key={each.id} withBorder p="sm" radius="md">
            <Group justify="space-between" wrap="nowrap" align="flex-start">
                <Stack gap={2} miw={0}>
                    <Anchor component={Link} to={`/cases/${each.number}`} fw={500} size="sm">
                        {each.number}
                    </Anchor>
                    <Text size="sm" lineClamp={2}>
                        {each.subject}
                    </Text>
                    <Text size="xs" c="dimmed">
                        {each.typeName} · <Time at={each.updatedAt} />
                    </Text>
                </Stack>
                <Status status={each.status} />
            </Group>
            {each.wait?.reason === "CUSTOMER" ? (
                <Text size="sm" fw={600} mt={4}>
                    {t("case.waitingForYou")}
                </Text>
            ) : null}
        </Paper>
    ));
}

function Updates({ updates }: { updates: Shown["updates"] }) {
    const desk = isDesk(useViewer());
    const { t } = useTranslation();
    const named = useNames();
    if (updates.length === 0) {
        return (
            <Empty title={t("overview.noUpdates")}>
                <Text size="sm">{t("overview.noUpdatesText")}</Text>
            </Empty>
        );
    }
    return (
        <Paper withBorder radius="md" px="sm" component="ol" m={0} style={{ listStyle: "none" }}>
            {updates.map(({ case: of, entry, excerpt }, index) => (
                <Stack
                    key={`${of.id} ${entry.kind} ${entry.occurredAt} ${index}`}
                    component="li"
                    gap={2}
                    className={rows["row"] ?? ""}
                >
                    <Text size="sm">
                        <Anchor component={Link} to={`/cases/${of.number}`} inherit underline="always">
                            {of.number}
                        </Anchor>{" "}
                        <Text span inherit fw={600}>
                            {who(t, entry)}
                        </Text>{" "}
                        {words(t, entry, named, desk)}
                    </Text>
                    <Text size="sm" lineClamp={1}>
                        {excerpt ?? of.subject}
                    </Text>
                    <Text size="xs" c="dimmed">
                        <Time at={entry.occurredAt} />
                    </Text>
                </Stack>
            ))}
        </Paper>
    );
}
