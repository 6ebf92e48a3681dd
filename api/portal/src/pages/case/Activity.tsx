import { Badge, Button, Divider, Group, Loader, Paper, Stack, Text, VisuallyHidden } from "@mantine/core";
import { Fragment, memo, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { language } from "../../app/languages";
import { useOutbox } from "../../app/outbox";
import { isDesk, useViewer } from "../../app/session";
import { Time } from "../../parts/Time";
import { useNames } from "../../parts/cases/catalogue";
import { isBroughtOver, isSpoken, who, words } from "../../parts/cases/words";
import { FileNames } from "../../parts/files/FileNames";
import { keep, kept } from "../../parts/kept";
import { MessageBar } from "./MessageBar";
import type { Edge, Shown, useStream } from "./useStream";

/** The activity stream, the newest first, with the message bar above it. */
export function Activity(props: {
    of: Shown;
    stream: ReturnType<typeof useStream>;
    isShown: boolean;
    show: () => void;
}) {
    const { of, stream, isShown, show } = props;
    const { t } = useTranslation();
    const outbox = useOutbox([
        of.id,
        ...of.links.filter(({ relation }) => relation === "ABSORBED").map(({ case: merged }) => merged.id),
    ]);
    const edges = [...stream.edges].reverse();
    const me = useViewer().person.id;
    const seen = useSeen(of.id, edges[0]?.node.recordedAt);
    // What somebody did themselves is no news to them.
    const firstNew = edges.findLastIndex(
        ({ node }) => seen !== undefined && node.recordedAt > seen && node.actor.id !== me,
    );
    const said = useNews(edges[0]);
    return (
        <Stack gap="md">
            <MessageBar of={of} post={outbox.post} isShown={isShown} show={show} />
            <VisuallyHidden role="status">{said}</VisuallyHidden>
            <Waiting outbox={outbox} />
            <Stack component="ol" gap="sm" m={0} p={0} style={{ listStyle: "none" }} aria-label={t("case.activity")}>
                {edges.map((edge, index) => {
                    const next = edges[index + 1];
                    const day = dayOf(happenedAt(edge.node));
                    const before = edges[index - 1];
                    const isNewest = !before || dayOf(happenedAt(before.node)) !== day;
                    const lastNew = index === firstNew;
                    return (
                        <Fragment key={edge.cursor}>
                            {isNewest ? (
                                <li>
                                    <Divider label={<Text size="xs">{day}</Text>} labelPosition="center" />
                                </li>
                            ) : null}
                            <Entry of={of} edge={edge} />
                            {lastNew && next ? (
                                <li>
                                    <Divider
                                        color="brand"
                                        size="sm"
                                        label={
                                            <Text size="xs" fw={700}>
                                                {t("case.newAbove")}
                                            </Text>
                                        }
                                    />
                                </li>
                            ) : null}
                        </Fragment>
                    );
                })}
            </Stack>
            {stream.hasEarlier ? (
                <Button variant="default" loading={stream.loadingEarlier} onClick={() => void stream.earlier()}>
                    {t("case.earlier")}
                </Button>
            ) : null}
        </Stack>
    );
}

/** What was written here and is not there yet, the newest first. */
function Waiting({ outbox }: { outbox: ReturnType<typeof useOutbox> }) {
    const { t } = useTranslation();
    if (outbox.waiting.length === 0) return null;
    return (
        <Stack gap="xs" aria-label={t("case.outbox")} role="region">
            {[...outbox.waiting].reverse().map((message) => {
                const problem = outbox.refused[message.key] ?? (outbox.unreachable ? t("case.sentLater") : undefined);
                return (
                    <Paper key={message.key} withBorder p="sm" radius="md">
                        <Stack gap={4} align="flex-start">
                            {message.isNote ? <Internal /> : null}
                            <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
                                {message.body}
                            </Text>
                            {message.fileNames.length > 0 ? (
                                <Text size="xs" style={{ overflowWrap: "anywhere" }}>
                                    <FileNames names={message.fileNames} />
                                </Text>
                            ) : null}
                            {problem === undefined ? (
                                <Group gap="xs">
                                    <Loader size={12} aria-hidden />
                                    <Text size="xs">{t("case.sending")}</Text>
                                </Group>
                            ) : (
                                <Group gap="xs" role="alert">
                                    <Text size="sm" fw={600}>
                                        {t("case.notSent")} {problem}
                                    </Text>
                                    <Button size="compact-sm" onClick={() => outbox.retry(message.key)}>
                                        {t("errors.tryAgain")}
                                    </Button>
                                    <Button
                                        size="compact-sm"
                                        variant="default"
                                        onClick={() => {
                                            outbox.discard(message);
                                            // What is left of the row may be nothing.
                                            document.getElementById("message")?.focus();
                                        }}
                                    >
                                        {t("case.discard")}
                                    </Button>
                                </Group>
                            )}
                        </Stack>
                    </Paper>
                );
            })}
        </Stack>
    );
}

/** Marks what the desk alone sees. */
function Internal() {
    const { t } = useTranslation();
    return (
        <Badge variant="outline" color="orange.9" size="sm" tt="none" fw={600} c="var(--mantine-color-text)">
            {t("case.internal")}
        </Badge>
    );
}

/** When it was: of what came from another system or was moved, the time there. */
function happenedAt(entry: Edge["node"]): string {
    return entry.writtenAt ?? entry.occurredAt;
}

function dayOf(at: string): string {
    return new Intl.DateTimeFormat(language(), { dateStyle: "full" }).format(new Date(at));
}

/** How far the reader had read when they opened the page; what the page shows now counts as read from then on. */
function useSeen(caseId: string, newest: string | undefined): string | undefined {
    const name = `seen.${caseId}`;
    const [atOpening] = useState(() => (kept(name) as string | undefined) ?? newest);
    useEffect(() => {
        if (newest === undefined) return;
        const note = () => {
            if (document.visibilityState === "visible") keep(name, newest);
        };
        note();
        document.addEventListener("visibilitychange", note);
        return () => document.removeEventListener("visibilitychange", note);
    }, [name, newest]);
    return atOpening;
}

/** What happened since the page was opened, the last of it, for those who do not see it appear (WCAG 2.2, 4.1.3). */
function useNews(newest: Edge | undefined): string {
    const { t } = useTranslation();
    const named = useNames();
    const desk = isDesk(useViewer());
    const [atOpening] = useState(newest?.cursor);
    if (newest === undefined || newest.cursor === atOpening) return "";
    const { node: entry } = newest;
    const text = isSpoken(entry.kind) && entry.text ? `: ${entry.text.slice(0, HEARD)}` : "";
    return `${who(t, entry)} ${words(t, entry, named, desk)}${text}`;
}

/** Characters of a text that are read out when it comes. */
const HEARD = 200;

/** Not made again unless the case or the entry is another: there may be a thousand. */
const Entry = memo(function Entry({ of, edge: { node: entry } }: { of: Shown; edge: Edge }) {
    const { t } = useTranslation();
    const named = useNames();
    const desk = isDesk(useViewer());
    const told = words(t, entry, named, desk);
    const files = entry.messageId ? of.attachments.filter((file) => file.messageId === entry.messageId) : [];
    const text = isSpoken(entry.kind) ? entry.text : null;
    const broughtOver = isBroughtOver(entry);
    const fromDesk = !broughtOver && !["CONTACT", "WATCHER", "CLOCK"].includes(entry.actorRole);
    const head = (
        <Group gap={6} align="baseline">
            <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                <Text span inherit fw={600}>
                    {who(t, entry)}
                </Text>{" "}
                {told}
                {broughtOver ? ` ${t("activity.broughtOver", { name: entry.actor.name ?? "" })}` : ""}
                {entry.onBehalfOf ? ` ${t("activity.onBehalfOf", { name: entry.onBehalfOf.name ?? "" })}` : ""}
            </Text>
            {/* To each other, those of the desk are people like any. */}
            {fromDesk && !desk ? (
                <Badge variant="default" size="sm" tt="none" fw={500}>
                    {t("case.desk")}
                </Badge>
            ) : null}
            {entry.internal ? <Internal /> : null}
            <Text size="xs">
                <Time at={happenedAt(entry)} />
            </Text>
        </Group>
    );
    if (!text && !entry.redacted && !entry.moved && files.length === 0) {
        return <li data-kind={entry.kind}>{head}</li>;
    }
    return (
        <Paper
            component="li"
            data-kind={entry.kind}
            withBorder
            p="sm"
            radius="md"
            bg={entry.internal ? "light-dark(var(--mantine-color-yellow-0), var(--mantine-color-dark-6))" : undefined}
        >
            {head}
            {text ? (
                <Text size="sm" mt={4} style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
                    {text}
                </Text>
            ) : null}
            {entry.redacted ? (
                <Text size="sm" fs="italic">
                    {t("case.redacted")}
                </Text>
            ) : null}
            {entry.moved ? (
                <Text size="sm" fs="italic">
                    {t("case.moved")}
                </Text>
            ) : null}
            {files.length > 0 ? (
                <Text size="xs" mt={4} style={{ overflowWrap: "anywhere" }}>
                    {t("case.files")} <FileNames names={files.map((file) => file.name ?? t("case.removedFile"))} />
                </Text>
            ) : null}
        </Paper>
    );
});
