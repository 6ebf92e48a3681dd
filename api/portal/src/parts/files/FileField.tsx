import { Button, CloseButton, Group, Progress, Stack, Text, VisuallyHidden } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import "@mantine/dropzone/styles.css";
import { IconPaperclip } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";

import { readableSize } from "./sizes";
import type { UploadItem, Uploads } from "./useUploads";

/** Takes files by a button, by dropping them on it, and by pasting them into whatever is `around` it; shows how far they have come. */
export function FileField({ uploads, label }: { uploads: Uploads; label: string }) {
    const { t } = useTranslation();
    const open = useRef<() => void>(null);
    return (
        <Stack gap="xs" role="group" aria-label={label}>
            <Dropzone
                openRef={open}
                onDrop={(files) => uploads.add(files)}
                activateOnClick={false}
                activateOnKeyboard={false}
                enablePointerEvents
                p="sm"
                inputProps={{ "aria-label": label, tabIndex: -1 }}
            >
                <Group justify="center" gap="xs" wrap="wrap">
                    <Button
                        variant="default"
                        size="sm"
                        leftSection={<IconPaperclip size={16} aria-hidden />}
                        onClick={() => open.current?.()}
                    >
                        {t("files.add")}
                    </Button>
                    <Text size="sm" c="var(--mantine-color-text)">
                        {t("files.drop")}
                    </Text>
                </Group>
            </Dropzone>
            <UploadList uploads={uploads} />
        </Stack>
    );
}

/** The files of clipboards and drags. */
export function filesOf(data: DataTransfer | null): File[] {
    return data ? [...data.files] : [];
}

/** Files on their way, each with what can be done about it. */
export function UploadList({ uploads }: { uploads: Uploads }) {
    const { t } = useTranslation();
    if (uploads.items.length === 0) return null;
    return (
        <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: "none" }} aria-label={t("files.chosen")}>
            {uploads.items.map((item) => (
                <li key={item.key}>
                    <Group gap="xs" wrap="nowrap">
                        <Stack gap={2} flex={1} miw={0}>
                            <Text size="sm" truncate>
                                {item.file.name} <VisuallyHidden>-</VisuallyHidden> ({readableSize(item.file.size)})
                            </Text>
                            <State item={item} />
                        </Stack>
                        {item.state === "failed" ? (
                            <Button size="compact-sm" variant="default" onClick={() => uploads.retry(item.key)}>
                                {t("errors.tryAgain")}
                            </Button>
                        ) : null}
                        <CloseButton
                            aria-label={t("files.discard", { name: item.file.name })}
                            onClick={() => uploads.remove(item.key)}
                        />
                    </Group>
                </li>
            ))}
        </Stack>
    );
}

function State({ item }: { item: UploadItem }) {
    const { t } = useTranslation();
    switch (item.state) {
        case "waiting":
            return <Text size="xs">{t("files.waiting")}</Text>;
        case "failed":
            return (
                <Text size="xs" role="alert">
                    {t("files.failed")} {item.error}
                </Text>
            );
        case "ready":
            return <Text size="xs">{t("files.ready")}</Text>;
        case "sending":
            return (
                <Progress value={item.percent} size="sm" aria-label={t("files.progress", { name: item.file.name })} />
            );
    }
}
