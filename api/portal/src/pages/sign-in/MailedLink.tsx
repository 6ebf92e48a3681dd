import { Button, Stack, Text, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { CombinedError } from "urql";

import { Done } from "../../parts/Done";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { NewPassword, isConfirmed } from "../../parts/NewPassword";
import { Page } from "../../parts/Page";
import { useFields } from "../../parts/fields";
import type { UserError } from "../../parts/formErrors";
import { type ChallengeQuestion, questionText } from "../account/questions";

/** What the API is told: the link's token, and what was typed. */
export interface Said {
    token: string;
    newPassword: string;
    /** Of the challenge question, once it was asked. */
    answer?: string;
}

/** What the API said. */
interface Result {
    error?: CombinedError | undefined;
    data?: { outcome: { challengeQuestion?: ChallengeQuestion | null; userErrors: readonly UserError[] } } | undefined;
}

/**
 * The page of a mailed link: it sets a password, or only does what the link is for. Opening it does nothing yet, since programs follow
 * links in mails, too. Whoever chose a challenge question is asked it when the API says so.
 */
export function MailedLink({
    purpose,
    setsPassword,
    sending,
    send,
}: {
    /** Where its words are among the translated ones. */
    purpose: "activate" | "reset" | "unlock";
    setsPassword: boolean;
    sending: boolean;
    send: (said: Said) => Promise<Result>;
}) {
    const { t } = useTranslation();
    // The token stands behind the `#`, which browsers send to nobody.
    const [token] = useState(() => location.hash.slice(1));
    const [question, setQuestion] = useState<ChallengeQuestion>();
    const [done, setDone] = useState(false);
    const form = useFields({
        newPassword: t("password.new"),
        confirmation: t("password.confirm"),
        answer: t("challenge.answer"),
    });
    const submit = async (event: SubmitEvent) => {
        event.preventDefault();
        const asked = [
            ...(setsPassword ? (["newPassword", "confirmation"] as const) : []),
            ...(question ? (["answer"] as const) : []),
        ];
        if (!form.complete(asked) || !isConfirmed(form.values, form.errors.show, t("password.differs"))) return;
        const { newPassword, answer } = form.values;
        const { data, error } = await send({ token, newPassword, ...(question ? { answer } : {}) });
        const { challengeQuestion, userErrors = [] } = data?.outcome ?? {};
        if (!question && challengeQuestion && userErrors.some(({ code }) => code === "ANSWER_REQUIRED")) {
            setQuestion(challengeQuestion);
            form.errors.clear();
            return;
        }
        if (form.errors.take({ error, userErrors })) setDone(true);
    };
    if (done) {
        return (
            <Page title={t(`${purpose}.title`)}>
                <Done title={t(`${purpose}.doneTitle`)}>{t(`${purpose}.doneText`)}</Done>
                <Button component={Link} to="/sign-in">
                    {t("signIn.title")}
                </Button>
            </Page>
        );
    }
    return (
        <Page title={t(`${purpose}.title`)}>
            <Text>{t(`${purpose}.text`)}</Text>
            <ErrorSummary {...form.summary} />
            <form onSubmit={(event) => void submit(event)} noValidate>
                <Stack>
                    {setsPassword ? <NewPassword form={form} /> : null}
                    {question ? (
                        <TextInput
                            {...form.input("answer")}
                            description={questionText(t, question)}
                            autoComplete="off"
                            autoFocus
                        />
                    ) : null}
                    <Button type="submit" loading={sending}>
                        {t(`${purpose}.submit`)}
                    </Button>
                </Stack>
            </form>
        </Page>
    );
}
