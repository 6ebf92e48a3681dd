import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { Problem } from "./Problem";
import { UNDO_MERGE, UNLINK } from "./commands";
import { useCommand } from "./useCommand";
import type { Shown } from "./useStream";

/** The cases that a case has to do with; the desk takes back here what made it so. */
export function Links({ of }: { of: Shown }) {
    const { t } = useTranslation();
    const unlinking = useCommand(of);
    if (of.links.length === 0) return null;
    return (
        <Stack gap={4}>
            <Text component="dt" size="xs">
                {t("case.links")}
            </Text>
            {of.links.map(({ relation, case: other }) => (
                <Stack key={`${relation} ${other.id}`} component="dd" gap={0} m={0}>
                    <Group gap={4} fz="sm">
                        {t(`relation.${relation}`)}
                        <Anchor
                            component={Link}
                            to={`/cases/${other.number}${relation === "ABSORBED" ? "?merged=stay" : ""}`}
                            size="sm"
                        >
                            {other.number}
                        </Anchor>
                    </Group>
                    {relation === "RELATED" && of.allowedActions?.includes("UNLINK") ? (
                        <Undo
                            label={t("desk.unlink", { number: other.number })}
                            busy={unlinking.busy}
                            go={() => void unlinking.run(UNLINK, { otherCaseId: other.id })}
                        />
                    ) : null}
                </Stack>
            ))}
            <Problem command={unlinking} />
        </Stack>
    );
}

function Undo({ label, busy, go }: { label: string; busy: boolean; go: () => void }) {
    const { t } = useTranslation();
    return (
        <Group>
            <Button size="compact-xs" variant="default" disabled={busy} aria-label={label} onClick={go}>
                {t("case.remove")}
            </Button>
        </Group>
    );
}

/** Takes a case out of the one that goes on in its place. */
export function UndoMerge({ merged, done }: { merged: { id: string; version?: string }; done?: () => void }) {
    const { t } = useTranslation();
    const command = useCommand(merged);
    return (
        <Stack gap="xs">
            <Problem command={command} />
            <Group>
                <Button
                    size="compact-sm"
                    variant="default"
                    loading={command.busy}
                    onClick={() =>
                        void command.run(UNDO_MERGE, {}).then((outcome) => {
                            if (outcome) done?.();
                        })
                    }
                >
                    {t("desk.undoMerge")}
                </Button>
            </Group>
        </Stack>
    );
}
