import { Anchor, Group, Paper, SegmentedControl, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useQuery } from "urql";

import { NotFound } from "../../app/NotFound";
import { isSupervisor, useViewer } from "../../app/session";
import { Empty } from "../../parts/Empty";
import { Listing } from "../../parts/Listing";
import { Page } from "../../parts/Page";
import { Time } from "../../parts/Time";
import { pageOf, useAddress } from "../../parts/address";
import { LIST } from "./documents";

const AT_ONCE = 25;

/** Requests for access: those that wait for a decision, whoever has waited longest first, and those that are decided. */
export function Component() {
    return isSupervisor(useViewer()) ? <Requests /> : <NotFound />;
}

function Requests() {
    const { t } = useTranslation();
    const [search, change] = useAddress();
    const decided = search.get("show") === "decided";
    const [{ data, error, fetching }, read] = useQuery({
        query: LIST,
        variables: {
            filter: { decided },
            orderBy: decided ? "NEWEST_FIRST" : "OLDEST_FIRST",
            ...pageOf({ after: search.get("after") ?? undefined, before: search.get("before") ?? undefined }, AT_ONCE),
        },
    });
    const shown = data?.accessRequests;
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
                    onChange={(value) => change({ show: value === "decided" ? value : "" })}
                />
            }
        >
            {shown && shown.totalCount > 0 ? (
                <Text size="sm" role="status">
                    {t(decided ? "requests.countDecided" : "requests.countOpen", { count: shown.totalCount })}
                </Text>
            ) : null}
            <Listing
                of={shown}
                error={shown ? undefined : error}
                fetching={fetching}
                retry={() => read({ requestPolicy: "network-only" })}
                change={change}
                height={64}
                nothing={
                    <Empty title={t(decided ? "requests.noneDecided" : "requests.none")}>
                        <Text size="sm">{t("requests.noneText")}</Text>
                        <Anchor component={Link} to="/request-access" size="sm">
                            {t("requests.form")}
                        </Anchor>
                    </Empty>
                }
            >
                <Stack
                    component="ul"
                    gap="sm"
                    m={0}
                    p={0}
                    style={{ listStyle: "none" }}
                    aria-label={t("requests.title")}
                >
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
                                            {t(`requestAccess.types.${request.type}`)} ·{" "}
                                            <Time at={request.submittedAt} />
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
            </Listing>
        </Page>
    );
}
