import { Anchor, Button, Stack, Text, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type DocumentInput, useMutation } from "urql";

import { Done } from "../../parts/Done";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { Page } from "../../parts/Page";
import { useFields } from "../../parts/fields";
import type { UserError } from "../../parts/formErrors";

/** Asks for a link by mail. The answer is the same whoever is known. */
export function LinkRequest({
    title,
    text,
    button,
    request,
}: {
    title: string;
    text: string;
    button: string;
    request: DocumentInput<{ outcome: { userErrors: readonly UserError[] } }, { input: { name: string } }>;
}) {
    const { t } = useTranslation();
    const [{ fetching }, send] = useMutation(request);
    const form = useFields({ name: t("signIn.name") });
    const [sent, setSent] = useState(false);
    const submit = async (event: SubmitEvent) => {
        event.preventDefault();
        if (!form.complete()) return;
        const { data, error } = await send({ input: { name: form.values.name } });
        if (form.errors.take({ error, userErrors: data?.outcome.userErrors })) setSent(true);
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
                            <Button type="submit" loading={fetching}>
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
