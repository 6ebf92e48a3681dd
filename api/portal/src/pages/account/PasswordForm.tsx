import { Button, Group, Stack } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";

import { graphql } from "../../gql";
import { Done } from "../../parts/Done";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { NewPassword, isConfirmed } from "../../parts/NewPassword";
import { PasswordField } from "../../parts/PasswordField";
import { useFields } from "../../parts/fields";
import { Card } from "./Card";
import { Username } from "./Username";

const CHANGE = graphql(`
    mutation PasswordChange($input: PasswordChangeInput!) {
        passwordChange(input: $input) {
            userErrors {
                code
                field
                message
            }
        }
    }
`);

/** Changes the password. All other sessions end by it. */
export function PasswordForm() {
    const { t } = useTranslation();
    const [{ fetching }, change] = useMutation(CHANGE);
    const [changes, setChanges] = useState(0);
    const form = useFields(
        {
            currentPassword: t("password.current"),
            newPassword: t("password.new"),
            confirmation: t("password.confirm"),
        },
        { prefix: "password-" },
    );
    const submit = async (event: SubmitEvent) => {
        event.preventDefault();
        if (!form.complete() || !isConfirmed(form.values, form.errors.show, t("password.differs"))) return;
        const { currentPassword, newPassword } = form.values;
        const { data, error } = await change({ input: { currentPassword, newPassword } });
        if (!form.errors.take({ error, userErrors: data?.passwordChange.userErrors })) return;
        form.reset();
        setChanges((before) => before + 1);
    };
    return (
        <Card title={t("password.change")}>
            {changes > 0 ? (
                <Done key={changes} title={t("password.changed")}>
                    {t("password.changedText")}
                </Done>
            ) : null}
            <ErrorSummary {...form.summary} />
            <form onSubmit={(event) => void submit(event)} noValidate>
                <Username />
                <Stack>
                    <PasswordField {...form.input("currentPassword")} autoComplete="current-password" />
                    <NewPassword form={form} />
                    <Group>
                        <Button type="submit" loading={fetching}>
                            {t("password.change")}
                        </Button>
                    </Group>
                </Stack>
            </form>
        </Card>
    );
}
