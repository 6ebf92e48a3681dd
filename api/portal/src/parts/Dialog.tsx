import { CloseButton, Group, Modal, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

/** A question over the page. Its title is a heading of its own, since the header of Mantine's would be a second banner. */
export function Dialog({
    opened,
    title,
    onClose,
    children,
}: {
    opened: boolean;
    title: string;
    onClose: () => void;
    children: ReactNode;
}) {
    const { t } = useTranslation();
    return (
        <Modal
            opened={opened}
            onClose={onClose}
            withCloseButton={false}
            attributes={{ content: { "aria-label": title } }}
        >
            <Stack>
                <Group justify="space-between" wrap="nowrap" align="flex-start">
                    <Title order={2} size="h4">
                        {title}
                    </Title>
                    <CloseButton aria-label={t("close")} onClick={onClose} />
                </Group>
                {children}
            </Stack>
        </Modal>
    );
}
