import { Anchor, Button, Group, Skeleton, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type SyntheticEvent, type ReactNode, useDeferredValue, useId, useState } from "react";
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
                    writtenAt
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
    // Its lists are long: they are made in small steps, between which the page does what it is asked to.
    const shown = useDeferredValue(data?.overview);
    const loading = shown === undefined && error === undefined;
    return (
        <Page title={t("overview.title")}>
            <Search />
            {error && !shown ? <Failure error={error} retry={() => read({ requestPolicy: "network-only" })} /> : null}
            <Counts counts={shown?.countsByStatus} />
            <div className={styles["panels"]} data-loading={loading || undefined}>
                <Panel title={t("overview.openCases")}>
                    {shown ? <OpenCases cases={shown.openCases} /> : <Lines failed={error !== undefined} />}
                </Panel>
                <Panel title={t("overview.updates")}>
                    {shown ? <Updates updates={shown.updates} /> : <Lines failed={error !== undefined} />}
                </Panel>
            </div>
            {loading ? null : <Shortcuts />}
        </Page>
    );
}

function Shortcuts() {
    const { t } = useTranslation();
    return (
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
        <ul className={styles["counts"]} aria-label={t("overview.counts")}>
            {STATUSES.map((status) => (
                <li key={status}>
                    <Link to={`/support?status=${status}`} className={styles["count"] ?? ""}>
                        <strong>{counts ? count(status) : "\u2007"}</strong> {t(`status.${status}`)}
                    </Link>
                </li>
            ))}
        </ul>
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
    return failed ? null : <Skeleton height={860} />;
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
    return (
        <ul className={styles["list"]}>
            {cases.map((each) => (
                <li key={each.id}>
                    <div className={styles["head"]}>
                        <Link to={`/cases/${each.number}`}>{each.number}</Link>
                        <Status status={each.status} />
                    </div>
                    <p className={styles["two"]}>{each.subject}</p>
                    <p className={styles["small"]}>
                        {each.typeName} · <Time at={each.updatedAt} />
                    </p>
                    {each.wait?.reason === "CUSTOMER" ? (
                        <p className={styles["strong"]}>{t("case.waitingForYou")}</p>
                    ) : null}
                </li>
            ))}
        </ul>
    );
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
        <ol className={styles["list"]}>
            {updates.map(({ case: of, entry, excerpt }, index) => (
                <li key={`${of.id} ${entry.kind} ${entry.occurredAt} ${index}`}>
                    <p>
                        <Link to={`/cases/${of.number}`}>{of.number}</Link> <strong>{who(t, entry)}</strong>{" "}
                        {words(t, entry, named, desk)}
                    </p>
                    <p className={styles["one"]}>{excerpt ?? of.subject}</p>
                    <p className={styles["small"]}>
                        <Time at={entry.occurredAt} />
                    </p>
                </li>
            ))}
        </ol>
    );
}
