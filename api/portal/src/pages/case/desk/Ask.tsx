import { Button, Group, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Problem } from "../Problem";
import type { Command } from "../useCommand";

/** What every question of the desk is given. */
export interface Asking<Of> {
    of: Of;
    done: () => void;
}

/**
 * The form of a question: its fields, why it was not done, and what does it. `missing` names the field, by its id, that has to be filled first.
 */
export function Ask(props: {
    command: Command;
    submit: string;
    missing?: () => string | undefined;
    give: () => Promise<unknown>;
    done: () => void;
    disabled?: boolean;
    children?: ReactNode;
}) {
    const { command, submit, missing, give, done, disabled = false, children } = props;
    const { t } = useTranslation();
    return (
        <form
            noValidate
            onSubmit={(event) => {
                event.preventDefault();
                const field = missing?.();
                if (field !== undefined) {
                    document.getElementById(field)?.focus();
                    return;
                }
                void give().then((outcome) => {
                    if (outcome !== undefined) done();
                });
            }}
        >
            <Stack>
                <Problem command={command} />
                {children}
                <Group justify="flex-end">
                    <Button variant="default" onClick={done}>
                        {t("case.back")}
                    </Button>
                    <Button type="submit" loading={command.busy} disabled={disabled}>
                        {submit}
                    </Button>
                </Group>
            </Stack>
        </form>
    );
}
