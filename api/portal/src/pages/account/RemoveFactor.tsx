import { Anchor, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";

import { graphql } from "../../gql";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { PasswordField } from "../../parts/PasswordField";
import { useFields } from "../../parts/fields";
import { FactorForm } from "./FactorForm";

const REMOVE = graphql(`
    mutation TotpRemove($input: TotpRemoveInput!) {
        totpRemove(input: $input) {
            userErrors {
                code
                field
                message
            }
        }
    }
`);

/** Switches the second factor off: with the password, and a code or a recovery code. */
export function RemoveFactor({ onDone, onCancel }: { onDone: () => void; onCancel: () => void }) {
    const { t } = useTranslation();
    const [{ fetching }, remove] = useMutation(REMOVE);
    const [by, setBy] = useState<"code" | "recoveryCode">("code");
    const form = useFields(
        { currentPassword: t("password.current"), code: t("signIn.code"), recoveryCode: t("signIn.recoveryCode") },
        { prefix: "factor-" },
    );
    const submit = async () => {
        if (!form.complete(["currentPassword", by])) return;
        const { data, error } = await remove({
            input: { currentPassword: form.values.currentPassword, [by]: form.values[by].trim() },
        });
        if (form.errors.take({ error, userErrors: data?.totpRemove.userErrors })) onDone();
    };
    return (
        <Stack>
            <ErrorSummary {...form.summary} />
            <FactorForm action={t("factor.remove")} sending={fetching} onSubmit={submit} onCancel={onCancel}>
                <PasswordField {...form.input("currentPassword")} autoComplete="current-password" autoFocus />
                {by === "code" ? (
                    <TextInput {...form.input("code")} inputMode="numeric" autoComplete="one-time-code" />
                ) : (
                    <TextInput {...form.input("recoveryCode")} autoComplete="off" spellCheck={false} />
                )}
                <Anchor
                    component="button"
                    type="button"
                    size="sm"
                    ta="start"
                    onClick={() => setBy(by === "code" ? "recoveryCode" : "code")}
                >
                    {by === "code" ? t("signIn.useRecoveryCode") : t("signIn.useCode")}
                </Anchor>
            </FactorForm>
        </Stack>
    );
}
