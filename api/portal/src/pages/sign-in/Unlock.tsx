import { Button, Stack, Text, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";

import { graphql } from "../../gql";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { Page } from "../../parts/Page";
import { useFields } from "../../parts/fields";
import { type ChallengeQuestion, questionText } from "../account/questions";
import { Finished } from "./Finished";
import { useMailedToken } from "./mailedToken";

const UNLOCK = graphql(`
    mutation Unlock($input: UnlockInput!) {
        unlock(input: $input) {
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

/** A mailed link that ends a lock. Opening it does nothing yet: programs follow links in mails, too. */
export function Component() {
    const { t } = useTranslation();
    const token = useMailedToken();
    const [{ fetching }, unlock] = useMutation(UNLOCK);
    const [question, setQuestion] = useState<ChallengeQuestion | undefined>();
    const [done, setDone] = useState(false);
    const form = useFields({ answer: t("challenge.answer") });
    const submit = async (event: SubmitEvent) => {
        event.preventDefault();
        if (question && !form.complete()) return;
        const { data, error } = await unlock({ input: { token, ...(question ? { answer: form.values.answer } : {}) } });
        const errors = data?.unlock.userErrors ?? [];
        if (!question && data?.unlock.challengeQuestion && errors.some((each) => each.code === "ANSWER_REQUIRED")) {
            setQuestion(data.unlock.challengeQuestion);
            form.errors.clear();
            return;
        }
        if (form.errors.take({ error, userErrors: errors })) setDone(true);
    };
    return (
        <Page title={t("unlock.title")}>
            {done ? (
                <Finished title={t("unlock.doneTitle")} text={t("unlock.doneText")} />
            ) : (
                <>
                    <Text>{t("unlock.text")}</Text>
                    <ErrorSummary {...form.summary} />
                    <form onSubmit={(event) => void submit(event)} noValidate>
                        <Stack>
                            {question ? (
                                <TextInput
                                    {...form.input("answer")}
                                    description={questionText(t, question)}
                                    autoComplete="off"
                                    autoFocus
                                />
                            ) : null}
                            <Button type="submit" loading={fetching}>
                                {t("unlock.submit")}
                            </Button>
                        </Stack>
                    </form>
                </>
            )}
        </Page>
    );
}
