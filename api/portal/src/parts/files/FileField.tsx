import { Button, Group, Stack, Text } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import "@mantine/dropzone/styles.css";
import { IconPaperclip } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";

import { useFileLimits } from "../cases/catalogue";
import { UploadList } from "./UploadList";
import { readableSize } from "./sizes";
import type { Uploads } from "./useUploads";

/** Takes files by a button, by dropping them on it, and by pasting them into whatever is `around` it; shows how far they have come. */
export function FileField({ uploads, label }: { uploads: Uploads; label: string }) {
    const { t } = useTranslation();
    const limits = useFileLimits();
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
                    <Text size="sm" ta="center" c="var(--mantine-color-text)">
                        {t("files.drop")}
                    </Text>
                </Group>
                {limits ? (
                    <Text size="xs" ta="center" mt={4} c="var(--mantine-color-text)">
                        {t("files.limits", {
                            count: limits.filesPerCase,
                            size: readableSize(limits.fileSizeLimitBytes),
                        })}
                    </Text>
                ) : null}
            </Dropzone>
            <UploadList uploads={uploads} />
        </Stack>
    );
}
