import { Button, Group, Stack } from "@mantine/core";
import type { ReactNode, SubmitEvent } from "react";
import { useTranslation } from "react-i18next";

import { Username } from "./Username";

/** The frame of the small forms about the second factor: fields, what to do, and never mind. */
export function FactorForm({
    action,
    sending,
    onSubmit,
    onCancel,
    cancel,
    children,
}: {
    action: string;
    sending: boolean;
    onSubmit: () => Promise<void>;
    onCancel: () => void;
    /** What the button says that leads away; *Cancel* by itself. */
    cancel?: string | undefined;
    children: ReactNode;
}) {
    const { t } = useTranslation();
    const submit = (event: SubmitEvent) => {
        event.preventDefault();
        void onSubmit();
    };
    return (
        <form onSubmit={submit} noValidate>
            <Username />
            <Stack>
                {children}
                <Group>
                    <Button type="submit" loading={sending}>
                        {action}
                    </Button>
                    <Button variant="default" onClick={onCancel}>
                        {cancel ?? t("cancel")}
                    </Button>
                </Group>
            </Stack>
        </form>
    );
}
