import { Button, Group, Radio, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { Dialog } from "../../parts/Dialog";
import { LongText } from "../../parts/LongText";
import { type Draft, useDraft } from "../../parts/drafts";
import type { CancelReason } from "../../gql/graphql";
import { Problem } from "./Problem";
import { CANCEL } from "./commands";
import { useCommand } from "./useCommand";
import type { Shown } from "./useStream";

const REASONS = ["SOLVED_ITSELF", "OPENED_BY_MISTAKE", "DUPLICATE", "NO_LONGER_NEEDED", "OTHER"] as const;

/** Cancels a case, with a reason. */
export function CancelCase({ of }: { of: Shown }) {
    const { t } = useTranslation();
    const [opened, { open, close }] = useDisclosure();
    const [reason, setReason] = useState<CancelReason>();
    const draft = useDraft(`canceling.${of.id}`, "", (text) => text === "");
    const said = { reason, setReason, draft };
    return (
        <>
            {of.allowedActions?.includes("CANCEL") ? (
                <Button variant="default" onClick={open}>
                    {t("case.cancel")}
                </Button>
            ) : null}
            {/* Open, it stays when the case may not be canceled any more: what was typed does not vanish, and sending it says what happened. */}
            <Dialog opened={opened} onClose={close} title={t("case.cancelTitle", { number: of.number })}>
                <Reason of={of} close={close} said={said} />
            </Dialog>
        </>
    );
}

/** What was chosen and typed so far: it stays for whoever looks at the case once more. */
interface Said {
    reason: CancelReason | undefined;
    setReason: (reason: CancelReason | undefined) => void;
    draft: Draft<string>;
}

function Reason({ of, close, said }: { of: Shown; close: () => void; said: Said }) {
    const { t } = useTranslation();
    const { reason, setReason, draft } = said;
    const comment = draft.value;
    const command = useCommand(of, "opening", "with words");
    const [lacking, setLacking] = useState<"reason" | "comment">();
    const send = async (event: SyntheticEvent) => {
        event.preventDefault();
        const wrong =
            reason === undefined ? "reason" : reason === "OTHER" && comment.trim() === "" ? "comment" : undefined;
        setLacking(wrong);
        if (wrong !== undefined || reason === undefined) {
            document.getElementById(wrong === "comment" ? "cancel-comment" : "cancel-SOLVED_ITSELF")?.focus();
            return;
        }
        const text = comment.trim();
        if (!(await command.run(CANCEL, { reason, comment: text === "" ? null : text }))) return;
        draft.clear();
        close();
    };
    return (
        <form onSubmit={(event) => void send(event)} noValidate>
            <Stack>
                <Problem command={command} />
                <Radio.Group
                    label={t("case.cancelReason")}
                    withAsterisk
                    error={lacking === "reason" ? t("create.fill") : undefined}
                    value={reason ?? null}
                    onChange={(value) => setReason(REASONS.find((each) => each === value))}
                >
                    <Stack gap="xs" mt="xs">
                        {REASONS.map((each) => (
                            <Radio key={each} id={`cancel-${each}`} value={each} label={t(`cancelReason.${each}`)} />
                        ))}
                    </Stack>
                </Radio.Group>
                <LongText
                    most={4000}
                    id="cancel-comment"
                    label={t("case.comment")}
                    withAsterisk={reason === "OTHER"}
                    required={reason === "OTHER"}
                    error={lacking === "comment" ? t("create.fill") : undefined}
                    value={comment}
                    onChange={(event) => draft.set(event.currentTarget.value)}
                />
                <Group justify="flex-end">
                    <Button variant="default" onClick={close}>
                        {t("case.keep")}
                    </Button>
                    <Button type="submit" color="red" loading={command.busy}>
                        {t("case.cancel")}
                    </Button>
                </Group>
            </Stack>
        </form>
    );
}
