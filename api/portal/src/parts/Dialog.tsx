import { CloseButton, Modal, Stack, Title } from "@mantine/core";
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
            // What was typed would be gone.
            closeOnClickOutside={false}
            // `keepFocus` does.
            returnFocus={false}
            attributes={{ content: { "aria-label": title } }}
        >
            <Stack pos="relative">
                <Title order={2} size="h4" pe={36} style={{ overflowWrap: "anywhere" }}>
                    {title}
                </Title>
                {children}
                {/* The last, so that the focus begins with what is asked. */}
                <CloseButton aria-label={t("close")} pos="absolute" top={0} right={0} onClick={onClose} />
            </Stack>
        </Modal>
    );
}
