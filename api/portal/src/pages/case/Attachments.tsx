import { Anchor, Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Dialog } from "../../parts/Dialog";
import { isDesk, useViewer } from "../../app/session";
import { Empty } from "../../parts/Empty";
import { Time } from "../../parts/Time";
import { useFileLimits } from "../../parts/cases/catalogue";
import { FileField } from "../../parts/files/FileField";
import { FileName } from "../../parts/files/FileNames";
import { readableSize } from "../../parts/files/sizes";
import { useUploads } from "../../parts/files/useUploads";
import { Problem } from "./Problem";
import { filesThere } from "./files";
import { ADD_FILES, REMOVE_FILE } from "./commands";
import { useCommand } from "./useCommand";
import type { Shown } from "./useStream";

/** The files of a case: to fetch, to add, to take away. */
export function Attachments({ of }: { of: Shown }) {
    const { t } = useTranslation();
    const desk = isDesk(useViewer());
    const adding = useCommand(of);
    const removing = useCommand(of);
    const uploads = useUploads(of.account.id, filesThere(of, false));
    const [wanted, setWanted] = useState<Shown["attachments"][number]>();
    const mayAdd = of.allowedActions?.includes("ADD_ATTACHMENTS") ?? false;
    const mayRemove = of.allowedActions?.includes("REMOVE_ATTACHMENT") ?? false;
    const limits = useFileLimits();
    const isFull = limits != null && filesThere(of, false) >= limits.filesPerCase;
    const add = async () => {
        if (await adding.run(ADD_FILES, { uploads: uploads.ids })) uploads.clear();
    };
    const remove = async () => {
        if (wanted && (await removing.run(REMOVE_FILE, { attachmentId: wanted.id }))) setWanted(undefined);
    };
    return (
        <Stack gap="md">
            {isFull ? <Text size="sm">{t("files.full", { count: limits.filesPerCase })}</Text> : null}
            {mayAdd || uploads.items.length > 0 ? (
                <Stack gap="xs">
                    <Problem command={adding} />
                    <FileField uploads={uploads} label={t("case.attachments")} />
                    {uploads.items.length > 0 ? (
                        <Group>
                            <Button disabled={uploads.unfinished} loading={adding.busy} onClick={() => void add()}>
                                {t("case.attach")}
                            </Button>
                        </Group>
                    ) : null}
                </Stack>
            ) : null}
            {of.attachments.length === 0 ? (
                <Empty title={t("case.noFiles")}>
                    {mayAdd ? <Text size="sm">{t("case.noFilesText")}</Text> : null}
                </Empty>
            ) : (
                <Stack
                    component="ul"
                    gap="xs"
                    m={0}
                    p={0}
                    style={{ listStyle: "none" }}
                    aria-label={t("case.attachments")}
                >
                    {of.attachments.map((file) => (
                        <Paper component="li" key={file.id} withBorder p="sm" radius="md">
                            <Group justify="space-between" wrap="nowrap">
                                <Stack gap={2} miw={0}>
                                    {file.state === "PRESENT" && file.url ? (
                                        <Anchor href={file.url} size="sm" download style={{ overflowWrap: "anywhere" }}>
                                            <FileName name={file.name} />
                                        </Anchor>
                                    ) : (
                                        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                                            <FileName name={file.name} /> ({t(`file.${file.state}`)})
                                        </Text>
                                    )}
                                    <Text size="xs">
                                        {readableSize(Number(file.sizeBytes))} · {file.uploader.name} ·{" "}
                                        <Time at={file.addedAt} />
                                        {file.internal ? ` · ${t("case.internal")}` : ""}
                                    </Text>
                                </Stack>
                                {mayRemove && file.state === "PRESENT" && (desk || !file.fromDesk) ? (
                                    <Button
                                        size="compact-sm"
                                        variant="default"
                                        aria-label={t("case.removeFile", { name: file.name })}
                                        onClick={() => setWanted(file)}
                                    >
                                        {t("case.remove")}
                                    </Button>
                                ) : null}
                            </Group>
                        </Paper>
                    ))}
                </Stack>
            )}
            <Dialog
                opened={wanted !== undefined}
                onClose={() => setWanted(undefined)}
                title={t("case.removeFile", { name: wanted?.name ?? "" })}
            >
                <Stack>
                    <Problem command={removing} />
                    <Text size="sm">{t("case.removeFileText")}</Text>
                    <Group justify="flex-end">
                        <Button variant="default" onClick={() => setWanted(undefined)}>
                            {t("case.keepFile")}
                        </Button>
                        <Button color="red" loading={removing.busy} onClick={() => void remove()}>
                            {t("case.remove")}
                        </Button>
                    </Group>
                </Stack>
            </Dialog>
        </Stack>
    );
}
