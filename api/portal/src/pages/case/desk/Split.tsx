import { Button, Checkbox, Paper, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { Time } from "../../../parts/Time";
import { who } from "../../../parts/cases/words";
import { FileName, FileNames } from "../../../parts/files/FileNames";
import { SPLIT } from "../commands";
import { useCommand } from "../useCommand";
import type { Shown, useStream } from "../useStream";
import { Ask, type Asking } from "./Ask";

/** Begins another case with messages of this one. */
export function Split({ of, stream, done }: Asking<Shown> & { stream: ReturnType<typeof useStream> }) {
    const { t } = useTranslation();
    const navigate = useNavigate();
    const command = useCommand(of, "opening");
    const [chosen, setChosen] = useState<readonly string[]>([]);
    const [files, setFiles] = useState<readonly string[]>([]);
    const [subject, setSubject] = useState("");
    const [lacking, setLacking] = useState(false);
    const messages = stream.edges
        .map(({ node }) => node)
        .filter((entry) => entry.kind === "MESSAGE_POSTED" && entry.messageId && !entry.redacted && !entry.moved);
    const [first] = messages;
    // Those of a message go with it.
    const loose = of.attachments.filter(({ messageId, state }) => !messageId && state === "PRESENT");
    return (
        <Ask
            command={command}
            submit={t("desk.split")}
            missing={() => {
                setLacking(chosen.length === 0);
                return chosen.length === 0 && first?.messageId ? `split-${first.messageId}` : undefined;
            }}
            disabled={messages.length === 0}
            give={async () => {
                const outcome = await command.run(SPLIT, {
                    messageIds: [...chosen],
                    attachmentIds: [...files],
                    subject: subject.trim() === "" ? null : subject.trim(),
                });
                // It answers the case that has begun.
                if (outcome?.case) void navigate(`/cases/${outcome.case.number}`);
                return outcome;
            }}
            done={done}
        >
            <Text size="sm">{t("desk.splitText", { number: of.number })}</Text>
            {stream.hasEarlier ? (
                <Button
                    variant="default"
                    size="compact-sm"
                    loading={stream.loadingEarlier}
                    onClick={() => void stream.earlier()}
                >
                    {t("case.earlier")}
                </Button>
            ) : null}
            <Checkbox.Group
                label={t("desk.splitMessages")}
                withAsterisk
                error={lacking && chosen.length === 0 ? t("desk.splitNone") : undefined}
                value={[...chosen]}
                onChange={setChosen}
            >
                <Stack gap={6} mt={4}>
                    {messages.map((entry) => {
                        const withIt = of.attachments.filter(
                            ({ messageId, state }) => messageId === entry.messageId && state === "PRESENT",
                        );
                        return (
                            <Paper key={entry.messageId} withBorder px="sm" py={6} radius="md">
                                <Checkbox
                                    id={`split-${entry.messageId ?? ""}`}
                                    value={entry.messageId ?? ""}
                                    styles={{
                                        body: { alignItems: "flex-start" },
                                        labelWrapper: { flex: 1, minWidth: 0 },
                                    }}
                                    label={
                                        <Stack component="span" gap={2}>
                                            <Text span size="xs">
                                                {who(t, entry)} · <Time at={entry.occurredAt} />
                                            </Text>
                                            <Text span size="sm" lineClamp={3} style={{ overflowWrap: "anywhere" }}>
                                                {entry.text}
                                            </Text>
                                            {withIt.length > 0 ? (
                                                <Text span size="xs" style={{ overflowWrap: "anywhere" }}>
                                                    {t("case.files")}{" "}
                                                    <FileNames names={withIt.map(({ name }) => name ?? "")} />
                                                </Text>
                                            ) : null}
                                        </Stack>
                                    }
                                />
                            </Paper>
                        );
                    })}
                    {messages.length === 0 ? <Text size="sm">{t("desk.splitNothing")}</Text> : null}
                </Stack>
            </Checkbox.Group>
            {loose.length > 0 && messages.length > 0 ? (
                <Checkbox.Group
                    label={t("case.attachments")}
                    description={t("desk.splitFiles")}
                    value={[...files]}
                    onChange={setFiles}
                >
                    <Stack gap={6} mt={4}>
                        {loose.map(({ id, name }) => (
                            <Checkbox
                                key={id}
                                value={id}
                                styles={{ labelWrapper: { flex: 1, minWidth: 0, overflowWrap: "anywhere" } }}
                                label={<FileName name={name} />}
                            />
                        ))}
                    </Stack>
                </Checkbox.Group>
            ) : null}
            <TextInput
                label={t("desk.splitSubject")}
                description={t("desk.splitSubjectText")}
                maxLength={200}
                value={subject}
                onChange={(event) => setSubject(event.currentTarget.value)}
            />
        </Ask>
    );
}
