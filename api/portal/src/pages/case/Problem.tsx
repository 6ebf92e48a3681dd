import { List, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { isDesk, useViewer } from "../../app/session";
import { Refused } from "../../parts/Refused";
import { useNames } from "../../parts/cases/catalogue";
import { words } from "../../parts/cases/words";
import type { Command } from "./useCommand";

/** Why a command was not done, and where the case moved on in between, how. */
export function Problem({ command }: { command: Command }) {
    const { t } = useTranslation();
    const named = useNames();
    const desk = isDesk(useViewer());
    const { problem, missed } = command;
    if (problem === undefined) return null;
    return (
        <Refused why={problem}>
            <Text size="sm">{problem}</Text>
            {missed.length > 0 ? (
                <List size="sm" mt="xs">
                    {missed.map((entry, index) => (
                        <List.Item key={`${entry.recordedAt} ${index}`}>
                            {entry.actor.name} {words(t, entry, named, desk)}
                            {entry.kind === "MESSAGE_POSTED" && entry.text ? `: ${entry.text}` : ""}
                        </List.Item>
                    ))}
                </List>
            ) : null}
        </Refused>
    );
}
