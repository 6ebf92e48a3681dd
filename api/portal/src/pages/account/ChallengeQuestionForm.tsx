import { Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";

import { graphql } from "../../gql";
import { Done } from "../../parts/Done";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { PasswordField } from "../../parts/PasswordField";
import { useFields } from "../../parts/fields";
import { Card } from "./Card";
import { Username } from "./Username";
import { type ChallengeQuestion, questionText } from "./questions";

const SET = graphql(`
    mutation ChallengeQuestionSet($input: ChallengeQuestionSetInput!) {
        challengeQuestionSet(input: $input) {
            userErrors {
                code
                field
                message
            }
        }
    }
`);

const REMOVE = graphql(`
    mutation ChallengeQuestionRemove($input: ChallengeQuestionRemoveInput!) {
        challengeQuestionRemove(input: $input) {
            userErrors {
                code
                field
                message
            }
        }
    }
`);

/** The question that is asked behind a mailed link. Nothing is shown where the installation asks none. */
export function ChallengeQuestionForm({
    questions,
    chosen,
    onChange,
}: {
    questions: readonly ChallengeQuestion[];
    chosen: ChallengeQuestion | null | undefined;
    onChange: () => void;
}) {
    const { t } = useTranslation();
    const [setting, set] = useMutation(SET);
    const [removing, remove] = useMutation(REMOVE);
    const [done, setDone] = useState<string | undefined>();
    const form = useFields(
        { question: t("challenge.question"), answer: t("challenge.answer"), currentPassword: t("password.current") },
        { prefix: "challenge-" },
    );
    if (questions.length === 0) return null;

    const finish = (words: string) => {
        form.reset();
        setDone(words);
        onChange();
    };
    const submit = async (event: SubmitEvent) => {
        event.preventDefault();
        setDone(undefined);
        if (!form.complete()) return;
        const { data, error } = await set({ input: form.values });
        const taken = form.errors.take({ error, userErrors: data?.challengeQuestionSet.userErrors });
        if (taken) finish(t("challenge.saved"));
    };
    const takeAway = async () => {
        setDone(undefined);
        if (!form.complete(["currentPassword"])) return;
        const { data, error } = await remove({ input: { currentPassword: form.values.currentPassword } });
        const taken = form.errors.take({ error, userErrors: data?.challengeQuestionRemove.userErrors });
        if (taken) finish(t("challenge.removed"));
    };
    return (
        <Card title={t("challenge.title")}>
            <Text size="sm">{t("challenge.text")}</Text>
            {chosen ? <Text size="sm">{t("challenge.chosen", { question: questionText(t, chosen) })}</Text> : null}
            {done ? <Done title={done} /> : null}
            <ErrorSummary {...form.summary} />
            <form onSubmit={(event) => void submit(event)} noValidate>
                <Username />
                <Stack>
                    <Select
                        {...form.choice("question")}
                        data={questions.map((each) => ({ value: each.name, label: questionText(t, each) }))}
                    />
                    <TextInput {...form.input("answer")} autoComplete="off" spellCheck={false} />
                    <PasswordField {...form.input("currentPassword")} autoComplete="current-password" />
                    <Group>
                        <Button type="submit" loading={setting.fetching}>
                            {t("save")}
                        </Button>
                        {chosen ? (
                            <Button variant="default" loading={removing.fetching} onClick={() => void takeAway()}>
                                {t("challenge.remove")}
                            </Button>
                        ) : null}
                    </Group>
                </Stack>
            </form>
        </Card>
    );
}
