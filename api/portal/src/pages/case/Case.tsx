import { Alert, Badge, Grid, Group, Skeleton, Stack, Tabs, Text } from "@mantine/core";
import { Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams, useSearchParams } from "react-router";

import { NotFound } from "../../app/NotFound";
import { isDesk, useViewer } from "../../app/session";
import { Failure } from "../../parts/Failure";
import { Page } from "../../parts/Page";
import { later } from "../../parts/later";
import { Status } from "../../parts/cases/Status";
import { Activity } from "./Activity";
import { CancelCase } from "./CancelCase";
import { Facts } from "./Facts";
import { Merged } from "./Merged";
import { takeOver } from "./MessageBar";
import { Settled } from "./Settled";
import { type Shown, useStream } from "./useStream";

// What nobody sees at first comes afterwards, and customers, who are most, load nothing of the desk's.
const loadAttachments = async () => (await import("./Attachments")).Attachments;
const loadWatchList = async () => (await import("./WatchList")).WatchList;
const Attachments = later(loadAttachments);
const WatchList = later(loadWatchList);
const DeskActions = later(async () => (await import("./desk/DeskActions")).DeskActions);

/** How long the page has for itself before what is behind its other tabs is loaded, in milliseconds. It is there when the service is not, then. */
const HEAD_START_MS = 3_000;

const TABS = ["activity", "attachments", "watch-list"] as const;

/** A case: what happens to it, its files, who gets mail about it, and what the reader may do. */
export function Component() {
    const { number = "" } = useParams();
    return <CasePage key={number} number={number} />;
}

/** Leads to the case that goes on in the place of the one that was asked for, with what was being written there. */
function GoOn({ to, asked, from }: { to: Shown; asked: string; from: string | undefined }) {
    const navigate = useNavigate();
    useEffect(() => {
        const merged = to.links.find(({ relation, case: other }) => relation === "ABSORBED" && other.number === asked);
        const left = from ?? merged?.case.id;
        if (left !== undefined) takeOver(left, to.id);
        void navigate(`/cases/${to.number}?merged=${asked}`, { replace: true });
    }, [navigate, to, asked, from]);
    return null;
}

function CasePage({ number }: { number: string }) {
    const { t } = useTranslation();
    const desk = isDesk(useViewer());
    const [search, setSearch] = useSearchParams();
    const stream = useStream(number, search.get("merged") !== "stay");
    const tab = TABS.find((each) => each === search.get("tab")) ?? "activity";
    const setTab = (wanted: string | null) =>
        setSearch(
            (before) => {
                const next = new URLSearchParams(before);
                next.delete("tab");
                if (wanted !== null && wanted !== "activity") next.set("tab", wanted);
                return next;
            },
            { replace: true },
        );
    const [seen, setSeen] = useState<readonly string[]>([tab]);
    if (!seen.includes(tab)) setSeen([...seen, tab]);
    useEffect(() => {
        const timer = setTimeout(() => void Promise.allSettled([loadAttachments(), loadWatchList()]), HEAD_START_MS);
        return () => clearTimeout(timer);
    }, []);
    const { shown, error, fetching } = stream;
    if (stream.elsewhere) return <GoOn to={stream.elsewhere} asked={number} from={stream.own} />;
    if (stream.lost || (shown === null && !fetching)) return <NotFound />;
    if (!shown) {
        return (
            <Page title={number}>
                {error && !fetching ? (
                    <Failure error={error} retry={stream.again} />
                ) : (
                    <Stack role="status" aria-label={t("loading")}>
                        <Skeleton height={40} />
                        <Skeleton height={120} />
                        <Skeleton height={320} />
                    </Stack>
                )}
            </Page>
        );
    }
    const files = shown.attachments.filter((file) => file.state === "PRESENT").length;
    return (
        <Page
            title={[shown.number, shown.subject].filter(Boolean).join(" · ")}
            aside={
                <Group gap="sm">
                    <Status status={shown.status} />
                    {shown.wait && desk ? (
                        <Badge variant="default" tt="none" fw={500} radius="sm">
                            {t(`wait.${shown.wait.reason}`)}
                        </Badge>
                    ) : null}
                    {desk && (shown.priority === "CRITICAL" || shown.priority === "HIGH") ? (
                        <Badge variant="default" tt="none" fw={600} radius="sm">
                            {t("desk.isPriority", { priority: t(`priority.${shown.priority}`) })}
                        </Badge>
                    ) : null}
                    {desk ? null : <CancelCase of={shown} />}
                </Group>
            }
        >
            {shown.wait?.reason === "CUSTOMER" && !desk ? (
                <Alert color="orange" variant="outline" title={t("case.waitingForYou")}>
                    <Text size="sm">{t("case.waitingForYouText")}</Text>
                </Alert>
            ) : null}
            <Merged of={shown} asked={search.get("merged")} desk={desk} />
            <Settled of={shown} />
            {desk ? (
                <Suspense fallback={<Skeleton height={36} role="status" aria-label={t("loading")} />}>
                    <DeskActions of={shown} stream={stream} />
                </Suspense>
            ) : null}
            <Grid gap="lg">
                <Grid.Col span={{ base: 12, md: 8, lg: 9 }}>
                    {/* What is not seen any more goes on: files on their way, keys. */}
                    <Tabs value={tab} onChange={setTab} keepMounted keepMountedMode="display-none">
                        <Tabs.List mb="md">
                            <Tabs.Tab value="activity">{t("case.activity")}</Tabs.Tab>
                            <Tabs.Tab value="attachments">
                                {t("case.attachments")} {files > 0 ? `(${files})` : ""}
                            </Tabs.Tab>
                            <Tabs.Tab value="watch-list">
                                {t("case.watchList")} {shown.watchers.length > 0 ? `(${shown.watchers.length})` : ""}
                            </Tabs.Tab>
                        </Tabs.List>
                        <Tabs.Panel value="activity">
                            <Activity
                                of={shown}
                                stream={stream}
                                isShown={tab === "activity"}
                                show={() => setTab("activity")}
                            />
                        </Tabs.Panel>
                        <Tabs.Panel value="attachments">
                            {seen.includes("attachments") ? (
                                <Suspense fallback={<Skeleton height={120} />}>
                                    <Attachments of={shown} />
                                </Suspense>
                            ) : null}
                        </Tabs.Panel>
                        <Tabs.Panel value="watch-list">
                            {seen.includes("watch-list") ? (
                                <Suspense fallback={<Skeleton height={120} />}>
                                    <WatchList of={shown} />
                                </Suspense>
                            ) : null}
                        </Tabs.Panel>
                    </Tabs>
                </Grid.Col>
                <Grid.Col span={{ base: 12, md: 4, lg: 3 }}>
                    <Facts of={shown} desk={desk} />
                </Grid.Col>
            </Grid>
        </Page>
    );
}
