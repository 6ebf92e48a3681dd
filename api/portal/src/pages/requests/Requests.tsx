import { Anchor, Button, Group, Paper, SegmentedControl, Skeleton, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { useQuery } from "urql";

import { NotFound } from "../../app/NotFound";
import { isSupervisor, useViewer } from "../../app/session";
import { Empty } from "../../parts/Empty";
import { Failure } from "../../parts/Failure";
import { Page } from "../../parts/Page";
import { Time } from "../../parts/Time";
import { LIST } from "./documents";

const AT_ONCE = 25;

/** Requests for access: those that wait for a decision, whoever has waited longest first, and those that are decided. */
export function Component() {
    return isSupervisor(useViewer()) ? <Requests /> : <NotFound />;
}

function Requests() {
    const { t } = useTranslation();
    const [search, setSearch] = useSearchParams();
    const decided = search.get("show") === "decided";
    const before = search.get("before");
    const [{ data, error, fetching }, read] = useQuery({
        query: LIST,
        variables: {
            filter: { decided },
            orderBy: decided ? "NEWEST_FIRST" : "OLDEST_FIRST",
            ...(before === null ? { first: AT_ONCE, after: search.get("after") } : { last: AT_ONCE, before }),
        },
    });
    const shown = data?.accessRequests;
    const show: Record<string, string> = decided ? { show: "decided" } : {};
    return (
        <Page
            title={t("requests.title")}
            aside={
                <SegmentedControl
                    aria-label={t("requests.which")}
                    value={decided ? "decided" : "open"}
                    data={[
                        { value: "open", label: t("requests.open") },
                        { value: "decided", label: t("requests.decided") },
                    ]}
                    onChange={(value) => setSearch(value === "decided" ? { show: "decided" } : {})}
                />
            }
        >
            {error && !shown ? <Failure error={error} retry={() => read({ requestPolicy: "network-only" })} /> : null}
            {shown ? (
                <Text size="sm" role="status">
                    {t(decided ? "requests.countDecided" : "requests.countOpen", { count: shown.totalCount })}
                </Text>
            ) : null}
            {shown === undefined && fetching ? (
                <Stack gap="xs" role="status" aria-label={t("loading")}>
                    {[1, 2, 3, 4].map((line) => (
                        <Skeleton key={line} height={64} />
                    ))}
                </Stack>
            ) : null}
            {shown?.nodes.length === 0 ? (
                <Empty title={t(decided ? "requests.noneDecided" : "requests.none")}>
                    <Text size="sm">{t("requests.noneText")}</Text>
                    <Anchor component={Link} to="/request-access" size="sm">
                        {t("requests.form")}
                    </Anchor>
                </Empty>
            ) : null}
            <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: "none" }} aria-label={t("requests.title")}>
                {shown?.nodes.map((request) => {
                    const [asker, ...others] = request.people;
                    const open = request.people.filter(({ decision }) => !decision).length;
                    return (
                        <Paper key={request.id} component="li" withBorder p="sm" radius="md">
                            <Group justify="space-between" align="flex-start" gap="xs">
                                <Stack gap={2} miw={0} flex="1 1 240px">
                                    <Anchor
                                        component={Link}
                                        to={`/access-requests/${request.id}`}
                                        size="sm"
                                        fw={600}
                                        style={{ overflowWrap: "anywhere" }}
                                    >
                                        {asker?.name ?? t("requests.redacted")}
                                        {others.length > 0
                                            ? ` ${t("requests.andOthers", { count: others.length })}`
                                            : ""}
                                    </Anchor>
                                    <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                                        {[request.accountName, asker?.email].filter(Boolean).join(" · ")}
                                    </Text>
                                    <Text size="xs">
                                        {t(`requestAccess.types.${request.type}`)} · <Time at={request.submittedAt} />
                                    </Text>
                                </Stack>
                                {open > 0 && request.people.length > 1 ? (
                                    <Text size="sm">
                                        {t("requests.progress", {
                                            open,
                                            count: request.people.length,
                                        })}
                                    </Text>
                                ) : null}
                            </Group>
                        </Paper>
                    );
                })}
            </Stack>
            {shown && (shown.pageInfo.hasNextPage || shown.pageInfo.hasPreviousPage) ? (
                <Group component="nav" aria-label={t("support.pages")}>
                    <Button
                        variant="default"
                        disabled={!shown.pageInfo.hasPreviousPage}
                        onClick={() => setSearch({ ...show, before: shown.pageInfo.startCursor ?? "" })}
                    >
                        {t("support.previous")}
                    </Button>
                    <Button
                        variant="default"
                        disabled={!shown.pageInfo.hasNextPage}
                        onClick={() => setSearch({ ...show, after: shown.pageInfo.endCursor ?? "" })}
                    >
                        {t("support.next")}
                    </Button>
                </Group>
            ) : null}
        </Page>
    );
}
