import { Anchor, Button, Stack, Text, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { CombinedError } from "urql";

import { Done } from "../../parts/Done";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { Page } from "../../parts/Page";
import { useFields } from "../../parts/fields";
import type { UserError } from "../../parts/formErrors";

/** What was asked of the API, and what it said. */
export interface Answer {
    error?: CombinedError | undefined;
    userErrors?: readonly UserError[] | undefined;
}

/** Asks for a link by mail. The answer is the same whoever is known. */
export function LinkRequest({
    title,
    text,
    button,
    sending,
    send,
}: {
    title: string;
    text: string;
    button: string;
    sending: boolean;
    send: (name: string) => Promise<Answer>;
}) {
    const { t } = useTranslation();
    const form = useFields({ name: t("signIn.name") });
    const [sent, setSent] = useState(false);
    const submit = async (event: SubmitEvent) => {
        event.preventDefault();
        if (form.complete() && form.errors.take(await send(form.values.name))) setSent(true);
    };
    return (
        <Page title={title}>
            {sent ? (
                <Done title={t("link.sentTitle")}>{t("link.sentText")}</Done>
            ) : (
                <>
                    <Text>{text}</Text>
                    <ErrorSummary {...form.summary} />
                    <form onSubmit={(event) => void submit(event)} noValidate>
                        <Stack>
                            <TextInput
                                {...form.input("name")}
                                autoComplete="username"
                                autoCapitalize="none"
                                spellCheck={false}
                                autoFocus
                            />
                            <Button type="submit" loading={sending}>
                                {button}
                            </Button>
                        </Stack>
                    </form>
                </>
            )}
            <Anchor component={Link} to="/sign-in">
                {t("help.back")}
            </Anchor>
        </Page>
    );
}
