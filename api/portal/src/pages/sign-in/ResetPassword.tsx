import { Button, Stack, Text, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";

import { graphql } from "../../gql";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { NewPassword, isConfirmed } from "../../parts/NewPassword";
import { Page } from "../../parts/Page";
import { useFields } from "../../parts/fields";
import { type ChallengeQuestion, questionText } from "../account/questions";
import { Finished } from "./Finished";
import { useMailedToken } from "./mailedToken";

const RESET = graphql(`
    mutation PasswordReset($input: PasswordResetInput!) {
        passwordReset(input: $input) {
            challengeQuestion {
                name
                text
            }
            userErrors {
                code
                field
                message
            }
        }
    }
`);

/** A mailed link for another password; whoever chose a challenge question answers it as well. */
export function Component() {
    const { t } = useTranslation();
    const token = useMailedToken();
    const [{ fetching }, reset] = useMutation(RESET);
    const [question, setQuestion] = useState<ChallengeQuestion | undefined>();
    const [done, setDone] = useState(false);
    const form = useFields({
        newPassword: t("password.new"),
        confirmation: t("password.confirm"),
        answer: t("challenge.answer"),
    });
    const submit = async (event: SubmitEvent) => {
        event.preventDefault();
        const asked = ["newPassword", "confirmation"] as const;
        if (!form.complete(question ? [...asked, "answer"] : asked)) return;
        if (!isConfirmed(form.values, form.errors.show, t("password.differs"))) return;
        const { newPassword, answer } = form.values;
        const result = await reset({ input: { token, newPassword, ...(question ? { answer } : {}) } });
        const payload = result.data?.passwordReset;
        const errors = payload?.userErrors ?? [];
        if (!question && payload?.challengeQuestion && errors.some((each) => each.code === "ANSWER_REQUIRED")) {
            setQuestion(payload.challengeQuestion);
            form.errors.clear();
            return;
        }
        if (form.errors.take({ error: result.error, userErrors: errors })) setDone(true);
    };
    return (
        <Page title={t("reset.title")}>
            {done ? (
                <Finished title={t("password.changed")} text={t("reset.doneText")} />
            ) : (
                <>
                    <Text>{t("reset.text")}</Text>
                    <ErrorSummary {...form.summary} />
                    <form onSubmit={(event) => void submit(event)} noValidate>
                        <Stack>
                            <NewPassword form={form} />
                            {question ? (
                                <TextInput
                                    {...form.input("answer")}
                                    description={questionText(t, question)}
                                    autoComplete="off"
                                    autoFocus
                                />
                            ) : null}
                            <Button type="submit" loading={fetching}>
                                {t("reset.submit")}
                            </Button>
                        </Stack>
                    </form>
                </>
            )}
        </Page>
    );
}
