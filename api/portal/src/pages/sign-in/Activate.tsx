import { Button, Stack, Text } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";

import { graphql } from "../../gql";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { NewPassword, isConfirmed } from "../../parts/NewPassword";
import { Page } from "../../parts/Page";
import { useFields } from "../../parts/fields";
import { Finished } from "./Finished";
import { useMailedToken } from "./mailedToken";

const ACTIVATE = graphql(`
    mutation AccountActivate($input: AccountActivateInput!) {
        accountActivate(input: $input) {
            userErrors {
                code
                field
                message
            }
        }
    }
`);

/** An invitation: sets the first password. */
export function Component() {
    const { t } = useTranslation();
    const token = useMailedToken();
    const [{ fetching }, activate] = useMutation(ACTIVATE);
    const form = useFields({ newPassword: t("password.new"), confirmation: t("password.confirm") });
    const [done, setDone] = useState(false);
    const submit = async (event: SubmitEvent) => {
        event.preventDefault();
        if (!form.complete() || !isConfirmed(form.values, form.errors.show, t("password.differs"))) return;
        const { data, error } = await activate({ input: { token, newPassword: form.values.newPassword } });
        if (form.errors.take({ error, userErrors: data?.accountActivate.userErrors })) setDone(true);
    };
    return (
        <Page title={t("activate.title")}>
            {done ? (
                <Finished title={t("activate.doneTitle")} text={t("activate.doneText")} />
            ) : (
                <>
                    <Text>{t("activate.text")}</Text>
                    <ErrorSummary {...form.summary} />
                    <form onSubmit={(event) => void submit(event)} noValidate>
                        <Stack>
                            <NewPassword form={form} />
                            <Button type="submit" loading={fetching}>
                                {t("activate.submit")}
                            </Button>
                        </Stack>
                    </form>
                </>
            )}
        </Page>
    );
}
