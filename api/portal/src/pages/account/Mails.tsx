import { Checkbox, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { isDesk, useViewer } from "../../app/session";
import type { MailKind } from "../../gql/graphql";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { Card } from "./Card";
import { type Preferences, useSavePreferences } from "./preferences";

/** Mail that people can do without. */
const OFFERED: readonly MailKind[] = [
    "CASE_OPENED",
    "CASE_MESSAGE",
    "CASE_FILE",
    "CASE_WAITING",
    "CASE_RESOLVED",
    "CASE_REMINDER",
    "CASE_REOPENED",
    "CASE_CLOSED",
    "CASE_CANCELED",
    "CASE_MERGED",
];

/** Mail that only those get who work cases. */
const OFFERED_TO_DESK: readonly MailKind[] = ["CASE_ASSIGNED", "CASE_MENTION"];

/** Which mail somebody wants. */
export function Mails({ preferences, onChange }: { preferences: Preferences; onChange: () => void }) {
    const { t } = useTranslation();
    const { save, errors } = useSavePreferences(onChange);
    const kinds = isDesk(useViewer()) ? [...OFFERED_TO_DESK, ...OFFERED] : OFFERED;
    // Shown as chosen at once; taken back when the service did not take it.
    const [unwanted, setUnwanted] = useState(preferences.unwanted);
    const toggle = async (kind: MailKind, wanted: boolean) => {
        const others = unwanted.filter((each) => each !== kind);
        const chosen = wanted ? others : [...others, kind];
        setUnwanted(chosen);
        if (!(await save({ unwanted: chosen }))) setUnwanted(unwanted);
    };
    return (
        <Card title={t("mails.title")}>
            <Text size="sm">{t("mails.text")}</Text>
            <ErrorSummary errors={errors} labels={{}} />
            <Stack gap="xs">
                {kinds.map((kind) => (
                    <Checkbox
                        key={kind}
                        label={t(`mails.kinds.${kind}`)}
                        checked={!unwanted.includes(kind)}
                        onChange={(event) => void toggle(kind, event.currentTarget.checked)}
                    />
                ))}
            </Stack>
        </Card>
    );
}
