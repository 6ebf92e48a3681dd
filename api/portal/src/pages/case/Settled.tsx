import { Alert, Anchor, Button, Group, Radio, Stack, Text } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { isDesk, useViewer } from "../../app/session";
import { LongText } from "../../parts/LongText";
import { Time } from "../../parts/Time";
import { useDraft } from "../../parts/drafts";
import { isFinal } from "../../parts/cases/Status";
import { Problem } from "./Problem";
import { ACCEPT, RATE, REJECT } from "./commands";
import { useCommand } from "./useCommand";
import type { Shown } from "./useStream";

/** What a case that is settled asks of its reader: to accept or reject the answer, to rate it, to go on with another case. */
export function Settled({ of }: { of: Shown }) {
    const { t } = useTranslation();
    const { resolution, cancellation, status } = of;
    const desk = isDesk(useViewer());
    // A merged case goes on, elsewhere: the page says so by itself.
    if (status === "NEW" || status === "OPEN" || cancellation?.reason === "MERGED") return null;
    return (
        <Alert
            color={status === "RESOLVED" ? "green" : "gray"}
            variant="outline"
            title={t(desk && status === "RESOLVED" ? "case.isResolvedDesk" : `case.is.${status}`)}
        >
            <Stack gap="sm">
                {resolution && status !== "CANCELED" ? (
                    <>
                        <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
                            {resolution.text ?? t("case.redacted")}
                        </Text>
                        <Text size="xs">
                            {resolution.codeName} · <Time at={resolution.at} />
                        </Text>
                    </>
                ) : null}
                {cancellation && status === "CANCELED" ? (
                    <Text size="sm">
                        {t(`cancelReason.${cancellation.reason ?? "OTHER"}`)}
                        {cancellation.comment ? `: ${cancellation.comment}` : ""}
                    </Text>
                ) : null}
                <Answer of={of} />
                <Rating of={of} />
                {isFinal(status) ? (
                    <Text size="sm">
                        {t("case.followUpText")}{" "}
                        <Anchor component={Link} to={`/create?followUp=${of.number}`} inherit underline="always">
                            {t("case.followUp")}
                        </Anchor>
                    </Text>
                ) : null}
            </Stack>
        </Alert>
    );
}

function Answer({ of }: { of: Shown }) {
    const { t } = useTranslation();
    const command = useCommand(of);
    const [rejecting, setRejecting] = useState(false);
    const draft = useDraft(`rejection.${of.id}`, "", (text) => text === "");
    const accepts = of.allowedActions?.includes("ACCEPT_RESOLUTION") ?? false;
    const rejects = of.allowedActions?.includes("REJECT_RESOLUTION") ?? false;
    if (!accepts && !rejects) return null;
    const reject = async (event: SyntheticEvent) => {
        event.preventDefault();
        const text = draft.value.trim();
        if (await command.run(REJECT, { reason: text === "" ? null : text })) draft.clear();
    };
    return (
        <Stack gap="sm">
            <Problem command={command} />
            {rejecting ? (
                <form onSubmit={(event) => void reject(event)}>
                    <Stack gap="xs">
                        <LongText
                            most={4000}
                            label={t("case.whatIsWrong")}
                            minRows={2}
                            autoFocus
                            value={draft.value}
                            onChange={(event) => draft.set(event.currentTarget.value)}
                        />
                        <Group>
                            <Button type="submit" loading={command.busy}>
                                {t("case.reject")}
                            </Button>
                            <Button variant="default" onClick={() => setRejecting(false)}>
                                {t("case.back")}
                            </Button>
                        </Group>
                    </Stack>
                </form>
            ) : (
                <Group>
                    {accepts ? (
                        <Button loading={command.busy} onClick={() => void command.run(ACCEPT, {})}>
                            {t("case.accept")}
                        </Button>
                    ) : null}
                    {rejects ? (
                        <Button variant="default" onClick={() => setRejecting(true)}>
                            {t("case.stillNot")}
                        </Button>
                    ) : null}
                </Group>
            )}
        </Stack>
    );
}

const SCORES = ["5", "4", "3", "2", "1"];

function Rating({ of }: { of: Shown }) {
    const { t } = useTranslation();
    const command = useCommand(of);
    const [score, setScore] = useState<string | null>(null);
    const draft = useDraft(`rating.${of.id}`, "", (text) => text === "");
    const given = of.resolution?.satisfactionScore;
    if (given !== null && given !== undefined) {
        return <Text size="sm">{t("case.rated", { score: given })}</Text>;
    }
    if (!of.allowedActions?.includes("RATE")) return null;
    const rate = async (event: SyntheticEvent) => {
        event.preventDefault();
        if (score === null) return;
        const comment = draft.value.trim();
        if (await command.run(RATE, { score: Number(score), comment: comment === "" ? null : comment })) draft.clear();
    };
    return (
        <form onSubmit={(event) => void rate(event)}>
            <Stack gap="xs">
                <Problem command={command} />
                <Radio.Group label={t("case.rate")} value={score} onChange={setScore}>
                    <Group gap="md" mt={4}>
                        {SCORES.map((each) => (
                            <Radio key={each} value={each} label={t(`score.${each}`)} />
                        ))}
                    </Group>
                </Radio.Group>
                {score === null ? null : (
                    <>
                        <LongText
                            most={4000}
                            label={t("case.rateComment")}
                            value={draft.value}
                            onChange={(event) => draft.set(event.currentTarget.value)}
                        />
                        <Group>
                            <Button type="submit" variant="default" loading={command.busy}>
                                {t("case.sendRating")}
                            </Button>
                        </Group>
                    </>
                )}
            </Stack>
        </form>
    );
}
