import { Alert, Anchor, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";

import { UndoMerge } from "./Links";
import type { Shown } from "./useStream";

/** Says how it comes that this case is shown where another was asked for, or that another goes on in the place of this one. */
export function Merged({ of, asked, desk }: { of: Shown; asked: string | null; desk: boolean }) {
    const { t } = useTranslation();
    const navigate = useNavigate();
    const into = of.status === "CANCELED" && of.links.find(({ relation }) => relation === "MERGED_INTO");
    const from = of.links.find(({ relation, case: other }) => relation === "ABSORBED" && other.number === asked);
    if (into) {
        return (
            <Alert color="blue" variant="outline" title={t("case.mergedInto", { number: into.case.number })}>
                <Stack gap="sm" align="flex-start">
                    <Anchor component={Link} to={`/cases/${into.case.number}`} size="sm">
                        {t("case.toSurvivor", { number: into.case.number })}
                    </Anchor>
                    {of.allowedActions?.includes("UNDO_MERGE") ? (
                        <UndoMerge merged={of} done={() => void navigate(`/cases/${of.number}`, { replace: true })} />
                    ) : null}
                </Stack>
            </Alert>
        );
    }
    if (!asked || asked === "stay" || asked === of.number) return null;
    if (!from) return null;
    return (
        <Alert role="status" color="blue" variant="outline" title={t("case.absorbed", { number: asked })}>
            <Stack gap="sm" align="flex-start">
                <Text size="sm">{t("case.absorbedText", { number: of.number })}</Text>
                <Anchor component={Link} to={`/cases/${asked}?merged=stay`} size="sm">
                    {t("case.toMerged", { number: asked })}
                </Anchor>
                {desk ? (
                    <UndoMerge merged={{ id: from.case.id }} done={() => void navigate(`/cases/${asked}`)} />
                ) : null}
            </Stack>
        </Alert>
    );
}
