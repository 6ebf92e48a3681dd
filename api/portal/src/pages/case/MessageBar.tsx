import { ActionIcon, Button, FileButton, Group, Paper, SegmentedControl, Stack, Text, Tooltip } from "@mantine/core";
import { IconPaperclip, IconSend } from "@tabler/icons-react";
import { type SyntheticEvent, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Outgoing } from "../../app/outbox";
import { isDesk, useViewer } from "../../app/session";
import { LongText, tooLong } from "../../parts/LongText";
import { drop, keep, kept } from "../../parts/kept";
import { later } from "../../parts/later";
import { useDraft } from "../../parts/drafts";
import { UploadList, filesOf } from "../../parts/files/UploadList";
import { useUploads } from "../../parts/files/useUploads";
import { useKeys } from "../../parts/keys";

import { filesThere } from "./files";
import type { Shown } from "./useStream";

const CannedReplies = later(async () => (await import("./CannedReplies")).CannedReplies);

/** Characters of a message. */
const LONGEST = 32_000;

const DOUBLE_CLICK_MS = 1_000;

type Kind = "message" | "note";

/** What somebody is writing at the moment, by the name of its draft: the box itself may go before they do. */
let underway: string | undefined;

/** What was chosen to be written to each case. */
const chosenKinds = new Map<string, Kind>();

function kindOf(caseId: string): Kind {
    const only = kept(`note.${caseId}`) !== undefined && kept(`message.${caseId}`) === undefined ? "note" : "message";
    return chosenKinds.get(caseId) ?? only;
}

/** Lets what was written to a case go on at another one, below what was written there; whoever was writing goes on as well. */
export function takeOver(from: string, to: string): void {
    chosenKinds.set(to, kindOf(from));
    for (const kind of ["message", "note"]) {
        if (underway === `${kind}.${from}`) underway = `${kind}.${to}`;
        const files = [...filesLeft(`${kind}.${to}`), ...filesLeft(`${kind}.${from}`)];
        if (files.length > 0) keep(`files.${kind}.${to}`, files);
        drop(`files.${kind}.${from}`);
        const left = kept(`${kind}.${from}`);
        if (left === undefined) continue;
        keep(`${kind}.${to}`, [kept(`${kind}.${to}`), left].filter(Boolean).join("\n\n"));
        drop(`${kind}.${from}`);
    }
}

/** The files that were chosen for a draft; after the page itself went, none. */
function filesLeft(name: string): File[] {
    const left = (kept(`files.${name}`) ?? []) as unknown[];
    return left.filter((each) => each instanceof File);
}

/** What is written of one kind and not sent yet, with its files, as long as the page is there. */
function useWritten(of: Shown, kind: Kind) {
    const name = `${kind}.${of.id}`;
    const draft = useDraft(name, "", (text) => text === "");
    const [left] = useState(() => filesLeft(name));
    const uploads = useUploads(of.account.id, filesThere(of, kind === "note"), left);
    const items = useRef(uploads.items);
    useEffect(() => {
        items.current = uploads.items;
    });
    const keys = uploads.items.map(({ key }) => key).join();
    const had = useRef(false);
    useEffect(() => {
        const files = items.current.map(({ file }) => file);
        if (files.length > 0) keep(`files.${name}`, files);
        // Those of another page of this browser are its own.
        else if (had.current) drop(`files.${name}`);
        had.current = files.length > 0;
    }, [name, keys]);
    return { draft, uploads };
}

/** Where a message to the desk, or to the customer, is written. What is typed is kept; Ctrl+Enter sends it. */
export function MessageBar(props: {
    of: Shown;
    post: (message: Omit<Outgoing, "key" | "at">) => void;
    /** Whether it is seen now, and what lets it be. */
    isShown: boolean;
    show: () => void;
}) {
    const { of, post, isShown, show } = props;
    const { t } = useTranslation();
    // Each has words and files of its own: what was meant for the desk alone never stands where it would go to the customer.
    const message = useWritten(of, "message");
    const note = useWritten(of, "note");
    const canNote = of.allowedActions?.includes("ADD_NOTE") ?? false;
    // What somebody is writing does not vanish when the case is closed meanwhile: sending it says why it is not taken.
    const canPost = (of.allowedActions?.includes("POST_MESSAGE") ?? false) || message.draft.value !== "";
    const [wanted, setKind] = useState(() => kindOf(of.id));
    const setWanted = (kind: Kind) => {
        chosenKinds.set(of.id, kind);
        setKind(kind);
    };
    const isNote = canNote && (wanted === "note" || !canPost);
    const { draft, uploads } = isNote ? note : message;
    const [problem, setProblem] = useState("");
    const desk = isDesk(useViewer());
    const box = useRef<HTMLTextAreaElement>(null);
    const sentAt = useRef(0);
    const focusWanted = useRef(false);
    const reply = () => {
        setWanted("message");
        focusWanted.current = !isShown;
        if (isShown) box.current?.focus();
        else show();
    };
    const name = `${isNote ? "note" : "message"}.${of.id}`;
    const [goesOn] = useState(underway === name);
    useEffect(() => {
        if (!goesOn) return;
        box.current?.focus();
        box.current?.setSelectionRange(box.current.value.length, box.current.value.length);
    }, [goesOn]);
    useEffect(() => {
        if (isShown && focusWanted.current) box.current?.focus();
        focusWanted.current = false;
    }, [isShown]);
    useKeys(desk && canPost ? { r: reply } : {});
    if (!canPost && !canNote) return null;

    /** Puts a text where the cursor is, with an empty line to what was there. */
    const insert = (body: string) => {
        const { value, set } = message.draft;
        const at = box.current?.selectionStart ?? value.length;
        const [before, after] = [value.slice(0, at).trimEnd(), value.slice(at).trimStart()];
        set([before, body, after].filter(Boolean).join("\n\n"));
        reply();
    };
    const send = (event?: SyntheticEvent) => {
        event?.preventDefault();
        const body = draft.value.trim();
        if (body === "") {
            // A second click on what has just gone asks for nothing.
            if (Date.now() - sentAt.current < DOUBLE_CLICK_MS) return;
            setProblem(t("case.messageEmpty"));
            document.getElementById("message")?.focus();
            return;
        }
        if (tooLong(body, LONGEST) !== undefined) {
            document.getElementById("message")?.focus();
            return;
        }
        if (uploads.unfinished) {
            setProblem(t("files.unfinished"));
            return;
        }
        setProblem("");
        post({
            caseId: of.id,
            caseNumber: of.number,
            body,
            isNote,
            uploads: uploads.ids,
            fileNames: uploads.items.map(({ file }) => file.name),
        });
        draft.clear();
        uploads.clear();
        sentAt.current = Date.now();
    };
    return (
        <Paper
            component="form"
            withBorder
            p="sm"
            radius="md"
            bg={isNote ? "light-dark(var(--mantine-color-yellow-0), var(--mantine-color-dark-6))" : undefined}
            onSubmit={send}
            onDragOver={(event) => event.preventDefault()}
            onDrop={(event) => {
                event.preventDefault();
                uploads.add(filesOf(event.dataTransfer));
            }}
            onPaste={(event) => {
                const pasted = filesOf(event.clipboardData);
                if (pasted.length === 0) return;
                event.preventDefault();
                uploads.add(pasted);
            }}
        >
            <Stack gap="xs">
                {canNote && canPost ? (
                    <SegmentedControl
                        size="xs"
                        style={{ alignSelf: "flex-start" }}
                        aria-label={t("case.messageKind")}
                        value={isNote ? "note" : "message"}
                        data={[
                            { value: "message", label: t("case.reply") },
                            { value: "note", label: t("case.note") },
                        ]}
                        onChange={(value) => {
                            setProblem("");
                            setWanted(value === "note" ? "note" : "message");
                        }}
                    />
                ) : null}
                <LongText
                    most={LONGEST}
                    ref={box}
                    id="message"
                    aria-label={isNote ? t("case.noteLabel") : t("case.messageLabel")}
                    placeholder={isNote ? t("case.noteLabel") : t("case.messageLabel")}
                    minRows={2}
                    maxRows={16}
                    error={problem || undefined}
                    value={draft.value}
                    onFocus={() => (underway = name)}
                    onBlur={() => (underway = undefined)}
                    onChange={(event) => {
                        setProblem("");
                        underway = name;
                        draft.set(event.currentTarget.value);
                    }}
                    onKeyDown={(event) => {
                        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send(event);
                    }}
                />
                <UploadList uploads={uploads} />
                <Group justify="space-between">
                    <Group gap="xs">
                        <FileButton
                            onChange={(files) => uploads.add(files)}
                            multiple
                            inputProps={{ "aria-label": t("files.add") }}
                        >
                            {(props) => (
                                <Tooltip label={t("files.addHint")}>
                                    <ActionIcon {...props} variant="default" size="lg" aria-label={t("files.add")}>
                                        <IconPaperclip size={18} aria-hidden />
                                    </ActionIcon>
                                </Tooltip>
                            )}
                        </FileButton>
                        {desk && !isNote ? (
                            <Suspense>
                                <CannedReplies onPick={insert} />
                            </Suspense>
                        ) : null}
                    </Group>
                    <Group gap="sm" ml="auto">
                        <Text size="xs" visibleFrom="xs">
                            {t("case.sendHint")}
                        </Text>
                        <Button type="submit" leftSection={<IconSend size={16} aria-hidden />}>
                            {isNote ? t("case.sendNote") : t("case.send")}
                        </Button>
                    </Group>
                </Group>
            </Stack>
        </Paper>
    );
}
