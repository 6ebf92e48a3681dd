import { Button, CloseButton, Group, Progress, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { FileName } from "./FileNames";
import { readableSize } from "./sizes";
import type { UploadItem, Uploads } from "./useUploads";

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
                            <Text size="sm" lineClamp={2} style={{ overflowWrap: "anywhere" }}>
                                <FileName name={item.file.name} />
                            </Text>
                            <Group gap={6} wrap="nowrap" align="baseline">
                                <Text size="xs" flex="none">
                                    {readableSize(item.file.size)} ·
                                </Text>
                                <State item={item} />
                            </Group>
                        </Stack>
                        {item.state === "failed" && !item.isRefused ? (
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
                <Progress
                    flex={1}
                    value={item.percent}
                    size="sm"
                    aria-label={t("files.progress", { name: item.file.name })}
                />
            );
    }
}
